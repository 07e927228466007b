"""Colours: the app's own dark and light theme, and the variables that its stylesheets use under any theme."""

from textual.color import Color
from textual.theme import Theme

from song.sections import SectionKind

DARK = Theme(
    name="dropsmith",
    primary="#8fa8d8",
    secondary="#b79bd9",
    accent="#e8b866",
    warning="#e8b866",
    error="#ef7d7d",
    success="#8cc79a",
    foreground="#d5d8e0",
    background="#15171c",
    surface="#1b1e25",
    panel="#23272f",
    dark=True,
)
LIGHT = Theme(
    name="dropsmith-light",
    primary="#3d5f9e",
    secondary="#7a54a8",
    accent="#a3640a",
    warning="#a3640a",
    error="#b3333a",
    success="#2f7d46",
    foreground="#2a2d34",
    background="#f6f5f1",
    surface="#eceae4",
    panel="#e2dfd7",
    dark=False,
)

_HUES = {
    True: ("#7fa6e0", "#e3b04f", "#ee6f94", "#5cc2ad", "#a893da"),
    False: ("#2f62ad", "#96660a", "#c02d5c", "#18806c", "#6a4bb0"),
}
_ANSI = ("ansi_blue", "ansi_yellow", "ansi_magenta", "ansi_cyan", "ansi_bright_blue")


def theme_variables(theme: Theme) -> dict[str, str]:
    """Every variable of the stylesheets that Textual does not know, fitted to a theme.

    `kind-NAME` is a section kind's colour; with `-shade` a calmer one, with `-block` a background, with `-text` what is
    written on the colour. `muted` and `faint` are text that matters less and hardly; `pick` is behind what is selected.
    """
    if theme.ansi:
        variables = {"muted": "ansi_default", "faint": "ansi_default", "pick": "ansi_bright_black"}
        for kind, name in zip(SectionKind, _ANSI, strict=True):
            variables |= {f"kind-{kind}": name, f"kind-{kind}-shade": name}
            variables |= {f"kind-{kind}-block": name, f"kind-{kind}-text": "ansi_black"}
        return variables
    own = DARK if theme.dark else LIGHT
    background = Color.parse(theme.background or own.background or "#000000")
    foreground = Color.parse(theme.foreground or own.foreground or "#ffffff")
    variables = {
        "muted": background.blend(foreground, 0.62).hex,
        "faint": background.blend(foreground, 0.3).hex,
        "pick": background.blend(foreground, 0.14).hex,
    }
    for kind, hue in zip(SectionKind, _HUES[theme.dark], strict=True):
        colour = Color.parse(hue)
        variables |= {
            f"kind-{kind}": colour.hex,
            f"kind-{kind}-shade": background.blend(colour, 0.5).hex,
            f"kind-{kind}-block": background.blend(colour, 0.3).hex,
            f"kind-{kind}-text": background.hex,
        }
    return variables
