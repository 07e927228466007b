"""The rules of the official schemas of DAWproject 1.0 for what we write: a table, since no package registry has them.

An element's row: the attributes that it must have, those that it may, and its children in order, as a pattern of their
names with a blank behind each. Source: Project.xsd and MetaData.xsd of the DAWproject repository.
"""

import re
from xml.etree.ElementTree import Element

_NAMED = ("name", "color", "comment")
_REFERENCED = (*_NAMED, "id")
_PARAMETER = (*_REFERENCED, "parameterID")
_TIMELINE = (*_REFERENCED, "timeUnit", "track")
_ANY_TIMELINE = "(?:Lanes|Notes|Clips|Points) "

_RULES: dict[str, tuple[tuple[str, ...], tuple[str, ...], str]] = {
    "Project": (("version",), (), "Application (?:Transport )?(?:Structure )?(?:Arrangement )?"),
    "Application": (("name", "version"), (), ""),
    "Transport": ((), (), "(?:Tempo )?(?:TimeSignature )?"),
    "Tempo": (("unit",), (*_PARAMETER, "min", "max", "value"), ""),
    "Pan": (("unit",), (*_PARAMETER, "min", "max", "value"), ""),
    "Volume": (("unit",), (*_PARAMETER, "min", "max", "value"), ""),
    "Mute": ((), (*_PARAMETER, "value"), ""),
    "TimeSignature": (("numerator", "denominator"), _PARAMETER, ""),
    "Structure": ((), (), "(?:Track |Channel )*"),
    "Track": ((), (*_REFERENCED, "contentType", "loaded"), "(?:Channel )?(?:Track )*"),
    "Channel": (
        (),
        (*_REFERENCED, "audioChannels", "destination", "role", "solo"),
        "(?:Devices )?(?:Mute )?(?:Pan )?(?:Sends )?(?:Volume )?",
    ),
    "Arrangement": (
        (),
        _REFERENCED,
        "(?:Lanes )?(?:Markers )?(?:TempoAutomation )?(?:TimeSignatureAutomation )?",
    ),
    "Lanes": ((), _TIMELINE, f"(?:{_ANY_TIMELINE})*"),
    "Clips": ((), _TIMELINE, "(?:Clip )*"),
    "Clip": (
        ("time",),
        (
            *_NAMED, "duration", "contentTimeUnit", "playStart", "playStop", "loopStart", "loopEnd", "fadeTimeUnit",
            "fadeInTime", "fadeOutTime", "enable", "reference",
        ),
        f"(?:{_ANY_TIMELINE})?",
    ),
    "Notes": ((), _TIMELINE, "(?:Note )*"),
    "Note": (("time", "duration", "channel", "key"), ("vel", "rel"), ""),
    "Points": ((), (*_TIMELINE, "unit"), "Target (?:RealPoint )*"),
    "TempoAutomation": ((), (*_TIMELINE, "unit"), "Target (?:RealPoint )*"),
    "Target": ((), ("parameter", "expression", "channel", "key", "controller"), ""),
    "RealPoint": (("time", "value"), ("interpolation",), ""),
    "Markers": ((), _TIMELINE, "(?:Marker )+"),
    "Marker": (("time",), _NAMED, ""),
    "MetaData": (
        (),
        (),
        "(?:Title )?(?:Artist )?(?:Album )?(?:OriginalArtist )?(?:Composer )?(?:Songwriter )?(?:Producer )?"
        "(?:Arranger )?(?:Year )?(?:Genre )?(?:Copyright )?(?:Website )?(?:Comment )?",
    ),
    "Title": ((), (), ""),
    "Genre": ((), (), ""),
    "Comment": ((), (), ""),
}  # fmt: skip
_VALUES = {
    "unit": "linear|normalized|percent|decibel|hertz|semitones|seconds|beats|bpm",
    "timeUnit": "beats|seconds",
    "contentTimeUnit": "beats|seconds",
    "role": "regular|master|effect|submix|vca",
    "interpolation": "hold|linear",
    "contentType": "(?:(?:audio|automation|notes|video|markers|tracks) ?)+",
    "expression": "gain|pan|transpose|timbre|formant|pressure|channelController|channelPressure|polyPressure|pitchBend",
    "loaded": "true|false",
    "solo": "true|false",
    "id": r"[A-Za-z_][\w.-]*",
    "channel": r"\d+",
    "key": r"\d+",
    "controller": r"\d+",
    "audioChannels": r"\d+",
    "numerator": r"\d+",
    "denominator": r"\d+",
    "duration": r"\d+(?:\.\d+)?",
    "time": r"\d+(?:\.\d+)?",
}
_REFERENCES = ("track", "destination", "parameter")


def breaches(root: Element) -> list[str]:
    """All that the schemas would refuse, a line each."""
    found = []
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    found += [f"id {one} twice" for one in set(ids) if ids.count(one) > 1] if len(set(ids)) < len(ids) else []
    known = set(ids)
    for element in root.iter():
        if element.tag not in _RULES:
            found.append(f"{element.tag} is unknown")
            continue
        must, may, children = _RULES[element.tag]
        found += [f"{element.tag} lacks {name}" for name in must if name not in element.attrib]
        found += [f"{element.tag} has {name}" for name in element.attrib if name not in (*must, *may)]
        if re.fullmatch(children, "".join(f"{child.tag} " for child in element)) is None:
            found.append(f"the children of {element.tag} are {[child.tag for child in element][:9]}")
        for name, value in element.attrib.items():
            if name in _VALUES and re.fullmatch(_VALUES[name], value) is None:
                found.append(f"{element.tag} has {name}={value}")
            if name in _REFERENCES and value not in known:
                found.append(f"{element.tag} refers to {value}, which is not there")
    return found
