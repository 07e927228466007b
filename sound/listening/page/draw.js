"use strict";
/* The pictures: the waveform in the colours of the sections, the notes and the wobble that scroll under it, the meter. */

const KINDS = { intro: "#5b8fd6", build: "#d6a93b", drop: "#e2566b", break: "#46a67a", outro: "#8d7bc4" };
const PARTS = { drums: "#f2a65a", bass: "#e2566b", chords: "#5bb5d6", lead: "#a3d65b" };

function fitted(canvas) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const width = canvas.clientWidth, height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const pen = canvas.getContext("2d");
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  pen.clearRect(0, 0, width, height);
  return { pen, width, height };
}

function barAt(section, offset) {
  let bar = 0;
  while (bar + 1 < section.bars && section.barStarts[bar + 1] <= offset) bar++;
  return bar;
}

/* The song's peaks, as loud as what is heard of it; a section that is not rendered yet is a line. */
function drawWave(canvas, song, facts, place, audible) {
  const { pen, width, height } = fitted(canvas);
  if (!song.frames) return;
  const scale = width / song.frames, head = 20, middle = head + (height - head) / 2, room = (height - head) / 2 - 3;
  pen.font = "12px system-ui, sans-serif";
  pen.textBaseline = "middle";
  song.sections.forEach((section, index) => {
    const left = section.start * scale, wide = section.frames * scale, colour = KINDS[section.kind];
    const here = index === place.index;
    pen.globalAlpha = here ? 0.3 : 0.16;
    pen.fillStyle = colour;
    pen.fillRect(left, 0, wide - 1, height);
    pen.globalAlpha = 1;
    pen.save();
    pen.beginPath();
    pen.rect(left, 0, wide - 3, head);
    pen.clip();
    pen.fillStyle = here ? "#ffffff" : colour;
    pen.fillText(section.name, left + 4, head / 2);
    pen.restore();
    const known = facts.get(section.key);
    pen.fillStyle = colour;
    if (!known) {
      pen.globalAlpha = 0.5;
      pen.fillRect(left, middle, wide - 1, 1);
      pen.globalAlpha = 1;
      return;
    }
    const stems = Object.entries(known.peaks).filter(([part]) => audible(part)).map(([, peaks]) => peaks);
    for (let x = 0; x < wide - 1; x++) {
      const first = Math.floor(x / scale / song.peak), last = Math.max(first + 1, Math.floor((x + 1) / scale / song.peak));
      let high = 0;
      for (const peaks of stems) {
        let most = 0;
        for (let at = first; at < last && at < peaks.length; at++) most = Math.max(most, peaks[at]);
        high += most * most;
      }
      const tall = Math.min(1, Math.sqrt(high) / 255) * room;
      pen.fillRect(left + x, middle - tall, 1, Math.max(1, 2 * tall));
    }
  });
  const section = song.sections[place.index];
  const x = (section.start + place.offset) * scale;
  pen.fillStyle = "#ffffff";
  pen.fillRect(Math.round(x) - 1, 0, 2, height);
}

/* Notes around the place, which stands still while they pass; drums by drum, the others by pitch, the wobble below. */
function drawRolls(canvas, song, facts, place, audible) {
  const { pen, width, height } = fitted(canvas);
  const section = song.sections[place.index];
  if (!section) return;
  const seconds = width < 520 ? 5 : 10, scale = width / (seconds * song.rate), still = width * 0.3;
  const now = section.start + place.offset, first = now - still / scale, last = now + (width - still) / scale;
  const lane = 54, label = 14, room = (height - lane) / song.parts.length;
  const shown = song.sections.filter(one => one.start < last && one.start + one.frames > first);
  pen.font = "11px system-ui, sans-serif";
  pen.textBaseline = "top";
  for (const one of shown) {
    pen.fillStyle = KINDS[one.kind];
    pen.globalAlpha = 0.1;
    pen.fillRect(still + (one.start - now) * scale, 0, one.frames * scale, height);
    pen.globalAlpha = 1;
    one.barStarts.forEach((start, bar) => {
      const x = still + (one.start + start - now) * scale;
      if (x < -40 || x > width) return;
      pen.fillStyle = bar ? "#343a49" : "#9aa1b1";
      pen.fillRect(x, 0, 1, height);
      pen.fillStyle = "#9aa1b1";
      pen.fillText(String(one.firstBar + bar + 1), x + 3, 1);
    });
  }
  song.parts.forEach((part, row) => {
    const top = label + row * (room - label / song.parts.length), tall = room - 8;
    const rows = pitchRows(song, facts, part);
    pen.globalAlpha = audible(part) ? 1 : 0.25;
    pen.fillStyle = PARTS[part];
    pen.fillText(part, 4, top);
    const count = part === "drums" ? rows.length : rows.length ? rows[rows.length - 1] - rows[0] + 1 : 1;
    const high = Math.max(2, Math.min(9, (tall - 6) / Math.max(1, count)));
    for (const one of shown) {
      const known = facts.get(one.key);
      for (const [start, frames, pitch, velocity] of known ? known.notes[part] : []) {
        const x = still + (one.start + start - now) * scale;
        const wide = Math.max(part === "drums" ? 4 : 2, (part === "drums" ? 0 : frames * scale) - 1);
        if (x > width || x + wide < 0) continue;
        const step = part === "drums" ? rows.indexOf(pitch) : pitch - rows[0];
        const y = top + tall - ((step + 1) / Math.max(1, count)) * (tall - 2);
        const sounds = start + one.start <= now && now < start + one.start + Math.max(frames, 2400);
        pen.globalAlpha = (audible(part) ? 1 : 0.25) * (0.4 + 0.6 * velocity / 127);
        pen.fillStyle = sounds ? "#ffffff" : PARTS[part];
        pen.fillRect(x, y, wide, high);
      }
    }
    pen.globalAlpha = 1;
  });
  pen.fillStyle = "#e2566b";
  pen.globalAlpha = audible("bass") ? 0.8 : 0.25;
  pen.fillText("wobble", 4, height - lane + 2);
  for (const one of shown) {
    const known = facts.get(one.key);
    if (!known || !known.wobble.length) continue;
    pen.beginPath();
    let begun = false;
    known.wobble.forEach((open, at) => {
      const x = still + (one.start + at * song.lane - now) * scale;
      if (x < -4 || x > width + 4) return;
      if (!begun) pen.moveTo(x, height - 2);
      begun = true;
      pen.lineTo(x, height - 2 - open / 100 * (lane - 16));
    });
    if (!begun) continue;
    pen.lineTo(Math.min(width, still + (one.start + one.frames - now) * scale), height - 2);
    pen.fill();
  }
  pen.globalAlpha = 1;
  pen.fillStyle = "#ffffff";
  pen.fillRect(still, 0, 1, height);
}

/* The pitches of a part over the song, as far as they are known, from low to high. */
function pitchRows(song, facts, part) {
  const found = new Set();
  for (const section of song.sections) {
    const known = facts.get(section.key);
    for (const note of known ? known.notes[part] : []) found.add(note[2]);
  }
  return [...found].sort((one, other) => one - other);
}

function drawMeter(canvas, analyser, samples) {
  const pen = canvas.getContext("2d");
  pen.clearRect(0, 0, canvas.width, canvas.height);
  if (!analyser) return;
  analyser.getFloatTimeDomainData(samples);
  let peak = 0;
  for (const one of samples) peak = Math.max(peak, Math.abs(one));
  const share = Math.max(0, 1 + Math.log10(Math.max(peak, 1e-4)) * 20 / 48);
  pen.fillStyle = peak > 0.98 ? "#e2566b" : "#46a67a";
  pen.fillRect(0, 0, canvas.width * share, canvas.height);
}
