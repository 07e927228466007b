"""Cells written under their constraints: planning, masks, sampling. Imports no training, no evaluation."""
