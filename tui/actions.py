"""Every action of the app in one table: its id, its keys, what it is called and what it does in a sentence.

Apart from widgets: a screen gives the methods (`call` names them), and takes its bindings from here; the help screen,
the footer and the command palette read the same table. The ids are what a keymap rebinds.
"""

import msgspec
from textual.binding import Binding, BindingType

from song.arrangements import ARRANGEMENTS


class Action(msgspec.Struct, frozen=True):
    """Something the user can do.

    Attributes:
        id: its name, unique; the binding's id.
        keys: Textual's names of its keys, with commas between, the first being the one that is shown.
        call: the action method of the screen and its arguments, as Textual writes them.
        label: a word or two, for the footer and the palette.
        tooltip: one sentence.
        group: a heading in the help.
        shown: how its keys are written for people, in ASCII.
        footer: what the footer calls it, empty where it does not have it.
        footer_keys: how the footer writes its keys, the first of `shown` unless given.
    """

    id: str
    keys: str
    call: str
    label: str
    tooltip: str
    group: str
    shown: str
    footer: str = ""
    footer_keys: str = ""


MOVE, FILL, CHANGE, FORM, SONG, APP = "Move", "Write", "Change", "Sections and parts", "Song", "App"
SOUND = "Hear"
NOTES, EDIT, WOBBLE = "In the notes", "The note here, or the marked bars", "Wobble of the bass"
GROUPS = (MOVE, FILL, SOUND, CHANGE, FORM, SONG, APP, NOTES, EDIT, WOBBLE)

PAINTED_RATES = ("1/2", "1/4", "1/4T", "1/8.", "1/8", "1/8T", "1/16", "1/16T", "1/32")
"""The wobble rates that the digits from 1 on paint; 0 paints none."""

_EXPORT_HELP = "Write files for other programs beside the song; asks once which."

MAIN_ACTIONS: tuple[Action, ...] = (
    Action("section.previous", "left", "move(-1, 0)", "Previous section", "Go to the section before.", MOVE, "left"),
    Action("section.next", "right", "move(1, 0)", "Next section", "Go to the next section.", MOVE, "right"),
    Action("part.previous", "up", "move(0, -1)", "Part above", "Go to the part above.", MOVE, "up"),
    Action("part.next", "down", "move(0, 1)", "Part below", "Go to the part below.", MOVE, "down"),
    Action("section.first", "home", "move(-999, 0)", "First section", "Go to the first section.", MOVE, "home"),
    Action("section.last", "end", "move(999, 0)", "Last section", "Go to the last section.", MOVE, "end"),
    Action("bar.previous", "comma", "move_bar(-1)", "Previous bar", "Go a bar back, through the sections.", MOVE, ","),
    Action("bar.next", "full_stop", "move_bar(1)", "Next bar", "Go a bar on, through the sections.", MOVE, "."),
    Action("page.previous", "pageup", "turn_page(-1)", "Earlier bars", "Show the bars before these.", MOVE, "pgup"),
    Action("page.next", "pagedown", "turn_page(1)", "Later bars", "Show the bars after these.", MOVE, "pgdn"),
    Action("cell.fill", "f", "fill('cell')", "Fill cell", "Write this cell; again: another take.", FILL, "f", "Fill"),
    Action("section.fill", "F", "fill('section')", "Fill section", "Write the whole section.", FILL, "F"),
    Action("notes.edit", "enter", "edit_notes", "Edit notes", "Edit this phrase note by note.", FILL, "enter", "Notes"),
    Action("part.fill", "P", "fill('part')", "Fill part", "Write this part in every section.", FILL, "P"),
    Action(
        "song.fill", "A", "fill('song')", "Fill everything",
        "Write the whole song; again: other notes, same layout.", FILL, "A", "All",
    ),
    Action("fill.cancel", "escape,ctrl+c", "leave", "Cancel writing", "Stop writing; what came stays.", FILL, "esc"),
    Action("take.next", "n", "step_take(1)", "Next take", "See the next take; what sounds stays.", FILL, "n"),
    Action("take.previous", "p", "step_take(-1)", "Previous take", "See the take before.", FILL, "p"),
    Action("take.accept", "space", "accept_take", "Accept take", "Let the take that is seen sound.", FILL, "space"),
    Action("take.list", "z", "show_takes", "Takes", "See the takes of this cell: score, density, copies.", FILL, "z"),
    Action("phrase.ghost", "g", "ghost", "Ghost", "See another part's notes behind these.", FILL, "g"),
    Action(
        "phrase.full", "Z", "full_screen", "Notes full screen", "Give the notes the whole screen; again: all of it.",
        FILL, "Z",
    ),
    Action("phrase.wider", "number_sign", "zoom(1)", "Zoom in", "Draw bars wider, in finer columns.", FILL, "#"),
    Action("phrase.narrower", "at", "zoom(-1)", "Zoom out", "Draw bars narrower.", FILL, "@"),
    Action("cell.lock", "l", "lock", "Lock cell", "Lock or free this cell; fills pass over it.", FILL, "l"),
    Action("cell.clear", "x", "clear", "Clear cell", "Empty this cell; undo brings it back.", FILL, "x"),
    Action("cell.copy", "c", "copy", "Copy phrase", "Copy this cell's phrase.", FILL, "c"),
    Action("cell.paste", "v", "paste", "Paste phrase", "Put the copied phrase here, as another take.", FILL, "v"),
    Action("section.vary", "V", "vary", "Variation", "Make this section a variation of one like it.", FILL, "V"),
    Action("sound.cell", "semicolon,f5", "play('cell')", "Play cell", "Hear this cell alone.", SOUND, "; f5"),
    Action(
        "sound.section", "apostrophe,f6", "play('section')", "Play section", "Hear this section.", SOUND, "' f6", "Play"
    ),
    Action("sound.song", "slash,f7", "play('song')", "Play song", "Hear the song from this bar on.", SOUND, "/ f7"),
    Action("sound.loop", "backslash,f9", "loop", "Loop", "Begin again at the end, or do not.", SOUND, "\\ f9"),
    Action("sound.patch", "W", "choose_patch", "Patch", "Give this part another sound.", SOUND, "W"),
    Action("sound.page", "G", "listening_page", "Listening page", "Hear the song in a browser.", SOUND, "G"),
    Action("section.add", "a", "add_section", "Add section", "Add a section after this one.", FORM, "a"),
    Action("section.duplicate", "D", "duplicate_section", "Duplicate section", "Copy this section.", FORM, "D"),
    Action(
        "section.delete", "delete,backspace", "delete_section", "Delete section",
        "Remove this section; undo brings it back.", FORM, "del bksp",
    ),
    Action("section.rename", "R", "rename_section", "Rename section", "Name this section.", FORM, "R"),
    Action(
        "section.earlier", "less_than_sign", "shift_section(-1)", "Section earlier",
        "Move this section to before the one on its left.", FORM, "<",
    ),
    Action(
        "section.later", "greater_than_sign", "shift_section(1)", "Section later",
        "Move this section to after the one on its right.", FORM, ">",
    ),
    Action(
        "section.longer", "right_parenthesis", "resize_section(1)", "Lengthen section",
        "Make this section a bar longer.", FORM, ")",
    ),
    Action(
        "section.shorter", "left_parenthesis", "resize_section(-1)", "Shorten section",
        "Make this section a bar shorter.", FORM, "(",
    ),
    Action("part.mute", "m", "mute", "Mute part", "Mute this part; exports leave it silent.", FORM, "m"),
    Action("part.solo", "M", "solo", "Solo part", "Hear and export only this part.", FORM, "M"),
    Action("field.next", "tab", "next_field(1)", "Next field", "Choose the next constraint.", CHANGE, "tab"),
    Action(
        "field.previous", "shift+tab", "next_field(-1)", "Previous field", "Choose the one before.", CHANGE, "shift+tab"
    ),
    Action(
        "value.up", "plus,equals_sign,right_square_bracket", "step(1)",
        "More", "One step up.", CHANGE, "+ ]", "Set", "+-",
    ),
    Action("value.down", "minus,left_square_bracket", "step(-1)", "Less", "One step down.", CHANGE, "- ["),
    Action("value.far_up", "right_curly_bracket", "leap(1)", "Much more", "A big step up.", CHANGE, "}"),
    Action("value.far_down", "left_curly_bracket", "leap(-1)", "Much less", "A big step down.", CHANGE, "{"),
    Action("field.bars", "b", "pick_field('bars')", "Bars", "Choose the bars.", CHANGE, "b"),
    Action("field.tempo", "t", "pick_field('tempo')", "Tempo", "Choose the tempo; again: its ramp.", CHANGE, "t"),
    Action("field.density", "d", "pick_field('density')", "Density", "This part's density; again: all.", CHANGE, "d"),
    Action("field.wobble", "w", "pick_field('wobble')", "Wobble", "Wobble rates; again: depth, shape.", CHANGE, "w"),
    Action("field.key", "k", "pick_field('key')", "Key", "The section's key; again: this part's range.", CHANGE, "k"),
    Action("field.chords", "C", "pick_field('chords')", "Progression", "The chords; again: their length.", CHANGE, "C"),
    Action("field.form", "r", "pick_field('form')", "Form", "Repeats; again: this part's, a letter, gap.", CHANGE, "r"),
    Action("field.theme", "q", "pick_field('theme')", "Quotation", "How this section quotes the theme.", CHANGE, "q"),
    Action("field.style", "y", "pick_field('style')", "Style", "The style; again: a second, its share.", CHANGE, "y"),
    Action("field.heat", "h", "pick_field('heat')", "Heat", "Choose how daring it is written.", CHANGE, "h"),
    Action("field.kind", "K", "pick_field('kind')", "Kind", "Choose the kind of section.", CHANGE, "K"),
    Action("value.type", "i", "type_field", "Type value", "Write the value of the chosen field.", CHANGE, "i"),
    Action("song.open", "o", "open_song", "Open a recent song", "Open another song, or a MIDI file.", SONG, "o"),
    Action("song.import", "I", "import_midi", "Import MIDI", "Make a song of a MIDI file.", SONG, "I"),
    Action("song.tracks", "O", "choose_tracks", "Tracks", "Say which track of the file is what.", SONG, "O"),
    Action("song.start", "T", "start_anew", "Templates", "Lay the song out as another genre does.", SONG, "T"),
    Action("song.draw", "L", "draw_layout", "Draw again", "Surprise me: a new layout; what you set stays.", SONG, "L"),
    Action("song.title", "N", "name_song", "Title", "Name the song.", SONG, "N"),
    Action("song.tempo", "B", "set_song_tempo", "Song tempo", "The tempo of the whole song.", SONG, "B"),
    Action("song.key", "J", "set_song_key", "Song key", "The key of the whole song.", SONG, "J"),
    Action("song.style", "E", "set_song_style", "Song style", "The style of the whole song.", SONG, "E"),
    Action(
        "song.transpose", "X", "transpose", "Transpose",
        "Move notes up or down: of this cell, section, part, or all.", SONG, "X",
    ),
    Action("song.undo", "u", "undo", "Undo", "Take the last edit back.", SONG, "u", "Undo"),
    Action("song.redo", "U,ctrl+r", "redo", "Redo", "Make it again.", SONG, "U ^r"),
    Action("song.export", "e", "export", "Export", _EXPORT_HELP, SONG, "e", "Export"),
    Action("song.save", "s", "save", "Save", "Save the song to its file.", SONG, "s", "Save"),
    Action("song.save_as", "S", "save_as", "Save as", "Save the song to another file.", SONG, "S"),
    Action("engine.restart", "ctrl+e", "restart_engine", "Restart engine", "Start the engine anew.", APP, "^e"),
)  # fmt: skip
"""Actions of the main screen. The footer shows as many as fit, in this order."""

APP_ACTIONS: tuple[Action, ...] = (
    Action("app.help", "question_mark,f1", "help", "Help", "Show every key.", APP, "? f1", "Help"),
    Action("app.palette", "ctrl+p", "command_palette", "Palette", "Find an action by its name.", APP, "^p"),
    Action("sound.stop", "ctrl+g,f8", "stop_sound", "Stop", "Play nothing any more.", SOUND, "^g f8"),
    Action("app.theme", "ctrl+t", "change_theme", "Theme", "Choose other colours.", APP, "^t"),
    Action("app.quit", "ctrl+q", "quit", "Quit", "Quit; unsaved work is kept.", APP, "^q", "Quit"),
)
"""Actions that work on every screen."""

NOTE_ACTIONS: tuple[Action, ...] = (
    Action(
        "notes.toggle", "enter,space", "toggle_note", "Note", "Put a note here, or take it away.", NOTES, "enter space",
        "Note",
    ),
    Action("notes.mark", "b", "mark_bars", "Mark bars", "Mark bars from here on; again: none.", NOTES, "b", "Mark"),
    Action("notes.refill", "f", "refill", "Refill bars", "Write these bars anew.", EDIT, "f", "Refill"),
    Action("notes.keep", "l", "keep_bars", "Keep bars", "Keep the bars from fills, or free them.", EDIT, "l", "Keep"),
    Action(
        "notes.louder", "plus,equals_sign,right_square_bracket", "note_velocity(8)", "Louder", "Make the notes louder.",
        EDIT, "+ ]", "Velocity", "+-",
    ),
    Action("notes.leave", "escape", "leave_notes", "Leave notes", "Unmark the bars, or leave.", NOTES, "esc", "Leave"),
    Action(
        "notes.longer", "greater_than_sign", "note_length(1)", "Longer", "Make the notes a step longer.",
        EDIT, ">", "Length", "<>",
    ),
    Action("notes.left", "left", "note_move(-1, 0)", "Step left", "Go a step left.", NOTES, "left"),
    Action("notes.right", "right", "note_move(1, 0)", "Step right", "Go a step right.", NOTES, "right"),
    Action("notes.up", "up", "note_move(0, 1)", "Row up", "Go a semitone or drum up.", NOTES, "up"),
    Action("notes.down", "down", "note_move(0, -1)", "Row down", "Go a semitone or drum down.", NOTES, "down"),
    Action("notes.octave_up", "pageup", "note_move(0, 12)", "Octave up", "Go an octave up.", NOTES, "pgup"),
    Action("notes.octave_down", "pagedown", "note_move(0, -12)", "Octave down", "Go an octave down.", NOTES, "pgdn"),
    Action("notes.bar_before", "comma", "note_bar(-1)", "Bar before", "Go a bar back.", NOTES, ","),
    Action("notes.bar_after", "full_stop", "note_bar(1)", "Bar after", "Go a bar on.", NOTES, "."),
    Action("notes.first", "home", "note_bar(-999)", "First bar", "Go to the first bar.", NOTES, "home"),
    Action("notes.last", "end", "note_bar(999)", "Last bar", "Go to the last bar.", NOTES, "end"),
    Action("notes.grid", "t", "note_grid", "Grid", "Step by another length of note.", NOTES, "t"),
    Action("notes.fold", "F", "fold", "Fold rows", "Show rows of the pitches in use alone.", NOTES, "F"),
    Action("notes.ghost", "g", "ghost", "Ghost", "See another part's notes behind these.", NOTES, "g"),
    Action("notes.remove", "x,delete,backspace", "remove_notes", "Delete notes", "Take the notes away.", EDIT, "x"),
    Action("notes.softer", "minus,left_square_bracket", "note_velocity(-8)", "Softer", "Softer notes.", EDIT, "- ["),
    Action("notes.shorter", "less_than_sign", "note_length(-1)", "Shorter", "Make them a step shorter.", EDIT, "<"),
    Action("notes.later", "L,shift+right", "note_shift(1)", "Later", "Move the notes a step later.", EDIT, "L"),
    Action("notes.earlier", "H,shift+left", "note_shift(-1)", "Earlier", "Move them a step earlier.", EDIT, "H"),
    Action("notes.higher", "K,shift+up", "note_transpose(1)", "Higher", "Move the notes a semitone up.", EDIT, "K"),
    Action("notes.lower", "J,shift+down", "note_transpose(-1)", "Lower", "Move them a semitone down.", EDIT, "J"),
    Action(
        "notes.octave_higher", "right_curly_bracket", "note_transpose(12)", "Octave higher",
        "Move the notes an octave up.", EDIT, "}",
    ),
    Action(
        "notes.octave_lower", "left_curly_bracket", "note_transpose(-12)", "Octave lower",
        "Move them an octave down.", EDIT, "{",
    ),
    Action("notes.quantize", "q", "quantize(100)", "Quantize", "Put the notes of the bars on the grid.", EDIT, "q"),
    Action("notes.quantize_half", "Q", "quantize(50)", "Quantize half", "Bring them half way to it.", EDIT, "Q"),
    Action("notes.humanize", "z", "humanize", "Humanize", "Play the bars less evenly.", EDIT, "z"),
    Action("notes.copy", "c", "copy_bars", "Copy bars", "Take the bars along.", EDIT, "c"),
    Action("notes.cut", "C", "cut_bars", "Cut bars", "Take them along and empty them.", EDIT, "C"),
    Action("notes.paste", "v", "paste_bars", "Paste bars", "Put in what was taken along, from here on.", EDIT, "v"),
    Action("notes.repeat", "r", "repeat_bars", "Repeat bars", "Put the bars once more behind themselves.", EDIT, "r"),
    Action("notes.legato", "underscore", "legato", "Legato", "Hold the notes until the next ones.", EDIT, "_"),
    Action("notes.mirror", "vertical_line", "mirror", "Mirror", "Turn the bars from back to front.", EDIT, "|"),
    Action("notes.double", "asterisk", "speed('double')", "Double time", "Twice as fast, and twice.", EDIT, "*"),
    Action("notes.half", "percent_sign", "speed('half')", "Half time", "Half as fast, the first half.", EDIT, "%"),
    Action("notes.deeper", "d", "wobble_depth(10)", "Deeper wobble", "Make the wobble here deeper.", WOBBLE, "d"),
    Action("notes.shallower", "D", "wobble_depth(-10)", "Shallower", "Make it shallower.", WOBBLE, "D"),
    Action("notes.shape", "w", "wobble_shape", "Wobble shape", "Give the wobble here another shape.", WOBBLE, "w"),
    *(
        Action(
            f"notes.rate_{number}", str(number), f"paint({number})", f"Wobble {rate}",
            f"Paint a wobble of {rate} on this beat, or on the marked bars.", WOBBLE, str(number),
        )
        for number, rate in enumerate(PAINTED_RATES, 1)
    ),
    Action("notes.rate_0", "0", "paint(0)", "No wobble", "Paint no wobble on this beat.", WOBBLE, "0"),
)  # fmt: skip
"""Actions while the notes of a phrase are edited, beside those of the main screen whose keys are not taken here."""

HELP_ACTIONS: tuple[Action, ...] = (
    Action("help.close", "escape,question_mark,q,f1", "close", "Close", "Leave the help.", APP, "esc", "Close"),
    Action("help.up", "up,k", "scroll(-1)", "Up", "Scroll up.", APP, "up", "Up"),
    Action("help.down", "down,j", "scroll(1)", "Down", "Scroll down.", APP, "down", "Down"),
    Action("help.page_up", "pageup", "scroll(-10)", "Page up", "Scroll up far.", APP, "pgup"),
    Action("help.page_down", "pagedown,space", "scroll(10)", "Page down", "Scroll down far.", APP, "pgdn"),
)
"""Actions of the help screen."""

RECOVERY_ACTIONS: tuple[Action, ...] = (
    Action("recovery.take", "enter,r", "answer('take')", "Go on", "Go on with the unsaved work.", APP, "r", "Go on"),
    Action("recovery.leave", "x", "answer('put aside')", "Put aside", "Keep it as a file.", APP, "x", "Put aside"),
    Action(
        "recovery.later", "escape", "answer('later')", "Not now", "Offer it at the next start.", APP, "esc", "Later"
    ),
)
"""Actions of the screen that offers unsaved work."""

SAVE_AS_ACTIONS: tuple[Action, ...] = (
    Action("save_as.save", "enter", "save", "Save", "Save under this name.", APP, "enter", "Save"),
    Action("save_as.leave", "escape", "leave", "Leave", "Leave; nothing is saved.", APP, "esc", "Leave"),
)
"""Actions of the screen that asks for a file name; all other keys write the name."""

START_ACTIONS: tuple[Action, ...] = (
    *(
        Action(
            f"start.{number}",
            str(number),
            f"choose({number - 1})",
            name.capitalize(),
            f"Start {name}.",
            APP,
            str(number),
        )
        for number, name in enumerate(ARRANGEMENTS, 1)
    ),
    Action("start.close", "escape,enter", "close", "Go on", "Go on with the sections there are.", APP, "esc", "Go on"),
)
"""Actions of the screen that a song is started from."""

OPEN_ACTIONS: tuple[Action, ...] = (
    *(
        Action(
            f"open.{number}", str(number), f"choose({number - 1})", f"Recent {number}", f"Open recent song {number}.",
            APP, str(number),
        )
        for number in range(1, 10)
    ),
    Action("open.kept", "k", "kept", "Kept songs", "List the songs that were kept, but not saved.", APP, "k"),
    Action("open.type", "o,enter", "type", "Another", "Write the name of another.", APP, "o"),
    Action("open.close", "escape", "close", "Go on", "Go on with this song.", APP, "esc"),
)  # fmt: skip
"""Actions of the screen that another song is opened from."""

TRACKS_ACTIONS: tuple[Action, ...] = (
    Action("tracks.up", "up,k", "step(-1)", "Track above", "Go to the track above.", APP, "up"),
    Action("tracks.down", "down,j", "step(1)", "Track below", "Go to the track below.", APP, "down"),
    Action("tracks.page_up", "pageup", "step(-10)", "Tracks above", "Go up far.", APP, "pgup"),
    Action("tracks.page_down", "pagedown", "step(10)", "Tracks below", "Go down far.", APP, "pgdn"),
    Action("tracks.drums", "d", "choose('drums')", "Drums", "This track is drums.", APP, "d", "Drums"),
    Action("tracks.bass", "b", "choose('bass')", "Bass", "This track is the bass.", APP, "b", "Bass"),
    Action("tracks.chords", "c", "choose('chords')", "Chords", "This track is chords.", APP, "c", "Chords"),
    Action("tracks.lead", "l", "choose('lead')", "Lead", "This track is a lead.", APP, "l", "Lead"),
    Action("tracks.none", "x", "choose('')", "Leave out", "Leave this track out.", APP, "x", "Leave out"),
    Action("tracks.quantize", "q", "quantize", "Quantize", "Move all notes to the grid, or leave them.", APP, "q"),
    Action("tracks.take", "enter", "take", "Take", "Go on with the tracks as they are chosen.", APP, "enter", "Take"),
    Action("tracks.close", "escape", "close", "Leave", "Go on with the song as it was opened.", APP, "esc", "Leave"),
)
"""Actions of the screen that says which track of a file is what."""

PROMPT_ACTIONS: tuple[Action, ...] = (
    Action("prompt.leave", "escape,ctrl+c", "leave", "Leave", "Leave it as it was.", APP, "esc", "Leave it"),
)
"""Actions of the line that something is written into; enter takes what is written."""

PALETTE_ACTIONS: tuple[Action, ...] = (
    Action("palette.up", "up", "step(-1)", "Up", "Mark the one above.", APP, "up"),
    Action("palette.down", "down", "step(1)", "Down", "Mark the one below.", APP, "down"),
    Action("palette.page_up", "pageup", "step(-10)", "Page up", "Go up far.", APP, "pgup"),
    Action("palette.page_down", "pagedown", "step(10)", "Page down", "Go down far.", APP, "pgdn"),
    Action("palette.leave", "escape,ctrl+c", "leave", "Leave", "Choose none.", APP, "esc", "Leave"),
)
"""Actions of the palette; enter takes what is marked, all other keys write."""

_PRIORITY = ("app.quit", "app.palette", "sound.stop")


def bindings(actions: tuple[Action, ...], target: str = "") -> list[BindingType]:
    """Textual's bindings for some actions.

    Args:
        target: where the methods are, such as "screen."; empty where the bindings are.
    """
    return [
        Binding(
            action.keys,
            target + action.call,
            action.footer or action.label,
            show=bool(action.footer),
            key_display=action.footer_keys or action.shown.split(" ")[0],
            priority=action.id in _PRIORITY,
            tooltip=action.tooltip,
            id=action.id,
        )
        for action in actions
    ]
