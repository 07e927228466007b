"""The layers on public polyphonic music, to be compared with published figures. For `model.commands` alone."""
