"use strict";
/* Plays the song chunk by chunk on one AudioContext and follows the app. What is drawn is in draw.js. */

const AHEAD = 6, LEAD = 0.12, FADE = 0.012, MOST_BUFFERS = 72, TAIL = 2;
const find = id => document.getElementById(id);

const listening = {
  song: null,      // what is shown, and played where nothing newer is ready
  newer: null,     // the song as the app has it, until what plays of it is ready
  facts: new Map(),
  context: null, analyser: null, gains: {},
  playing: false, waiting: false, touched: false,
  at: { index: 0, offset: 0 },
  range: null,     // { first, last, loop, parts } with sections by their ids; null for the whole song
  wanted: null,    // what the app asked for before the first click
  muted: new Set(), solo: new Set(),
  marks: [], sources: [], next: null,
};
const buffers = new Map();
let line = null, dirty = true, samples = null, saidAt = 0, drawnAt = null;

/* Where things are */

function sectionIndex(song, id) { return song.sections.findIndex(one => one.id === id); }

function bounds(song) {
  const range = listening.range;
  if (range) {
    const first = sectionIndex(song, range.first), last = sectionIndex(song, range.last);
    if (first >= 0 && last >= first) return { first, last, loop: range.loop };
  }
  return { first: 0, last: song.sections.length - 1, loop: Boolean(range && range.loop) };
}

function place() {
  if (!listening.playing || !listening.context) return listening.at;
  const now = listening.context.currentTime;
  let mark = null;
  for (const one of listening.marks) if (one.time <= now) mark = one;
  if (!mark || !listening.song.sections[mark.index]) return listening.at;
  const offset = mark.offset + (now - mark.time) * listening.song.rate;
  return { index: mark.index, offset: Math.max(0, Math.min(offset, listening.song.sections[mark.index].frames - 1)) };
}

function audible(part) {
  const { range, muted, solo } = listening;
  return (!range || range.parts.includes(part)) && !muted.has(part) && (!solo.size || solo.has(part));
}

/* Sound */

function wake() {
  listening.touched = true;
  if (!listening.context) {
    const context = new AudioContext({ sampleRate: listening.song.rate, latencyHint: "interactive" });
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    samples = new Float32Array(analyser.fftSize);
    analyser.connect(context.destination);
    for (const part of listening.song.parts) {
      listening.gains[part] = context.createGain();
      listening.gains[part].connect(analyser);
    }
    listening.context = context;
    listening.analyser = analyser;
  }
  return listening.context;
}

function setGains() {
  dirty = true;
  if (!listening.context) return;
  for (const [part, gain] of Object.entries(listening.gains))
    gain.gain.setTargetAtTime(audible(part) ? 1 : 0, listening.context.currentTime, 0.005);
}

/* The decoded chunks of a section's stems, or null while they are on their way. */
function chunks(section, number) {
  const known = listening.facts.get(section.key);
  if (!known) { learn(section); return null; }
  const found = [];
  let missing = false;
  for (const part of Object.keys(known.peaks)) {
    const name = `${section.key}/${part}/${number}`;
    const held = buffers.get(name);
    if (held === undefined) fetchChunk(name);
    if (held instanceof AudioBuffer) {
      buffers.delete(name);
      buffers.set(name, held);
      found.push([part, held]);
    } else missing = true;
  }
  return missing ? null : found;
}

async function fetchChunk(name) {
  buffers.set(name, "coming");
  try {
    const answer = await fetch(`sound/${name}.flac`);
    if (!answer.ok) throw new Error(String(answer.status));
    buffers.set(name, await listening.context.decodeAudioData(await answer.arrayBuffer()));
    for (const [old, held] of buffers) {
      if (buffers.size <= MOST_BUFFERS) break;
      if (held instanceof AudioBuffer) buffers.delete(old);
    }
  } catch (error) {
    setTimeout(() => buffers.delete(name), 1000);
  }
}

async function learn(section) {
  if (listening.facts.has(section.key) || !section.ready) return;
  listening.facts.set(section.key, null);
  try {
    const answer = await fetch(`sound/${section.key}.json`);
    if (!answer.ok) throw new Error(String(answer.status));
    listening.facts.set(section.key, await answer.json());
  } catch (error) {
    setTimeout(() => listening.facts.delete(section.key), 1000);
  }
  dirty = true;
}

function lastChunk(section) {
  const known = listening.facts.get(section.key);
  return known ? Math.ceil(known.frames / listening.song.chunk) - 1 : 0;
}

/* True where a section can be played from an offset on: what follows at once is decoded. */
function ready(section, offset) {
  if (!section.ready) return false;
  return chunks(section, Math.floor(offset / listening.song.chunk)) !== null;
}

function start(section, number, part, buffer, time, skip) {
  const context = listening.context, source = context.createBufferSource(), fade = context.createGain();
  source.buffer = buffer;
  source.connect(fade).connect(listening.gains[part]);
  if (skip) {
    fade.gain.setValueAtTime(0, time);
    fade.gain.linearRampToValueAtTime(1, time + FADE);
  }
  source.start(time, skip / listening.song.rate);
  const held = { source, fade, time, key: section.key };
  listening.sources.push(held);
  source.onended = () => { listening.sources = listening.sources.filter(one => one !== held); };
}

/* Have the card play what comes within the next seconds; stand still where that is not here yet. */
function schedule() {
  const { context, song } = listening;
  if (!listening.playing || !context) return;
  if (listening.newer) goOnWithNewer();
  const rate = song.rate, size = song.chunk;
  while (listening.next && listening.next.time < context.currentTime + AHEAD) {
    const next = listening.next, section = song.sections[next.index];
    const number = Math.floor(next.offset / size), end = Math.min((number + 1) * size, section.frames);
    let here = section.ready ? chunks(section, number) : null;
    const tails = [];
    if (here && end === section.frames) {
      for (let tail = number + 1; tail <= lastChunk(section); tail++) tails.push([tail, chunks(section, tail)]);
      if (tails.some(([, found]) => !found)) here = null;
    }
    // A line that was too slow once gets a chunk more in advance, or it would stop every four seconds.
    if (here && listening.waiting && (number + 1) * size < section.frames && !chunks(section, number + 1)) here = null;
    if (!here) { stall(next.time < context.currentTime + LEAD); return; }
    const time = Math.max(next.time, context.currentTime);
    for (const [part, buffer] of here) start(section, number, part, buffer, time, next.offset - number * size);
    for (const [tail, found] of tails)
      for (const [part, buffer] of found) start(section, tail, part, buffer, time + (tail * size - next.offset) / rate, 0);
    listening.marks.push({ time, index: next.index, offset: next.offset });
    next.time = time + (end - next.offset) / rate;
    next.offset = end;
    if (end === section.frames) {
      next.offset = 0;
      const { first, last, loop } = bounds(song);
      if (next.index < last && next.index >= first) next.index++;
      else if (loop) next.index = first;
      else { listening.ends = next.time; listening.next = null; }
    }
  }
  if (listening.next) {
    // What comes after that is fetched while there is time.
    const section = song.sections[listening.next.index];
    if (section.ready) chunks(section, Math.floor(listening.next.offset / size));
  }
  while (listening.marks.length > 1 && listening.marks[1].time < context.currentTime - 1) listening.marks.shift();
  stall(false);
  if (!listening.next && context.currentTime > listening.ends + TAIL) halt({ index: bounds(song).first, offset: 0 });
  else if (!listening.next && context.currentTime >= listening.ends && !listening.over) listening.over = true;
}

function stall(yes) {
  if (yes !== listening.waiting) {
    listening.waiting = yes;
    if (yes) listening.context.suspend(); else listening.context.resume();
    dirty = true;
  }
}

function silence(time) {
  for (const { source, fade } of listening.sources) {
    fade.gain.cancelScheduledValues(time);
    fade.gain.setValueAtTime(1, time);
    fade.gain.linearRampToValueAtTime(0, time + FADE);
    try { source.stop(time + FADE + 0.005); } catch (error) { /* it had not begun */ }
  }
  listening.sources = [];
}

function playFrom(from) {
  const context = wake();
  const time = context.currentTime + 0.06;
  silence(time);
  listening.playing = true;
  listening.at = from;
  listening.over = false;
  listening.marks = [{ time, index: from.index, offset: from.offset }];
  listening.next = { time, index: from.index, offset: Math.floor(from.offset) };
  listening.waiting = false;
  context.resume();
  setGains();
  schedule();
  tell(true);
}

function halt(at) {
  const here = at || place();
  if (listening.context) {
    silence(listening.context.currentTime);
    listening.context.resume();
  }
  listening.playing = listening.waiting = false;
  listening.next = null;
  listening.marks = [];
  listening.at = here;
  dirty = true;
  tell(true);
}

function seek(index, offset) {
  const song = listening.song, { first, last } = bounds(song);
  if (index < first || index > last) listening.range = null;
  const to = { index: Math.max(0, Math.min(index, song.sections.length - 1)), offset: Math.max(0, offset) };
  if (listening.playing) playFrom(to); else { listening.at = to; dirty = true; }
}

/* Following the app */

function take(song) {
  let bars = 0;
  for (const section of song.sections) { section.firstBar = bars; bars += section.bars; }
  song.bars = bars;
  for (const section of song.sections) if (section.ready) learn(section);
  const before = listening.newer || listening.song;
  if (!before || before.heard.join() !== song.heard.join()) {
    listening.muted = new Set(song.parts.filter(part => !song.heard.includes(part)));
    listening.solo = new Set();
  }
  if (listening.playing) listening.newer = song; else show(song);
  setGains();
  if (listening.playing) schedule();
}

function show(song) {
  const before = listening.song, id = before && before.sections[listening.at.index] && before.sections[listening.at.index].id;
  listening.song = song;
  listening.newer = null;
  const index = Math.max(0, sectionIndex(song, id));
  const frames = song.sections[index] ? song.sections[index].frames : 1;
  listening.at = { index, offset: Math.min(listening.at.offset, frames - 1) };
  rebuild();
  dirty = true;
}

/* Change over to the newer song once what plays of it is here; what was on fades into it at the same place. */
function goOnWithNewer() {
  const song = listening.newer, here = place(), old = listening.song.sections[here.index];
  const index = sectionIndex(song, old.id);
  if (index < 0) { halt(); show(song); return; }
  const scheduled = new Set(listening.sources.map(one => one.key)), now = song.sections[index];
  const same = song.sections.map(one => one.key);
  const offset = old.frames === now.frames ? here.offset : Math.floor(here.offset * now.frames / old.frames);
  if (![...scheduled].every(key => same.includes(key)) || song.sections.length !== listening.song.sections.length) {
    if (!ready(now, offset)) return;
    listening.at = { index, offset };
    show(song);
    playFrom({ index, offset: offset + 0.06 * song.rate < now.frames ? offset + 0.06 * song.rate : offset });
    return;
  }
  const next = listening.next && listening.song.sections[listening.next.index].id;
  for (const mark of listening.marks) mark.index = Math.max(0, sectionIndex(song, listening.song.sections[mark.index].id));
  listening.at = { index, offset };
  show(song);
  if (listening.next) listening.next.index = Math.max(0, sectionIndex(song, next));
}

function obey(message) {
  if (message.type === "song") take(message);
  else if (message.type === "play") {
    const same = listening.range && listening.range.first === message.first && listening.range.last === message.last;
    const goesOn = message.goesOn && listening.playing && same;
    listening.range = { first: message.first, last: message.last, loop: message.loop, parts: message.parts };
    if (goesOn) { setGains(); return; }
    if (!listening.touched) { listening.wanted = message; dirty = true; return; }
    obeyPlay(message);
  } else if (message.type === "loop") {
    if (listening.range) listening.range.loop = message.on;
    // Where the end was on its way already, go on behind it.
    if (listening.playing && listening.song) playFrom(place());
  } else if (message.type === "stop") { listening.wanted = null; halt(); }
  else if (message.type === "trouble") { listening.trouble = message.text; dirty = true; }
}

function obeyPlay(message) {
  if (listening.newer) show(listening.newer);
  const song = listening.song;
  let index = song.sections.length - 1;
  while (index > 0 && song.sections[index].start > message.start) index--;
  listening.trouble = "";
  playFrom({ index, offset: message.start - song.sections[index].start });
}

function tell(now) {
  if (!line || line.readyState !== WebSocket.OPEN || !listening.song) return;
  if (!now && performance.now() - saidAt < 90) return;
  saidAt = performance.now();
  const here = place(), section = listening.song.sections[here.index];
  line.send(JSON.stringify({ section: section ? section.id : 0, frame: Math.floor(here.offset),
    playing: listening.playing && !listening.over, waiting: listening.waiting }));
}

function connect() {
  line = new WebSocket(new URL("line", location.href.replace(/^http/, "ws")));
  line.onmessage = event => obey(JSON.parse(event.data));
  line.onopen = () => { listening.lost = false; dirty = true; };
  line.onclose = () => { listening.lost = true; dirty = true; setTimeout(connect, 1500); };
}

/* The page */

function toggle() {
  if (!listening.song || !listening.song.sections.length) return;
  if (listening.playing) { halt(); return; }
  wake();
  if (listening.wanted) { const wanted = listening.wanted; listening.wanted = null; obeyPlay(wanted); return; }
  playFrom(listening.at);
}

function loopSection() {
  const section = listening.song.sections[place().index];
  if (listening.range && listening.range.loop) listening.range = null;
  else listening.range = { first: section.id, last: section.id, loop: true, parts: listening.song.parts };
  if (listening.playing) playFrom(place());
  setGains();
}

function mute(part, alone) {
  const set = alone ? listening.solo : listening.muted;
  if (!set.delete(part)) set.add(part);
  setGains();
}

function button(text, act, pressed) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (pressed !== undefined) made.setAttribute("aria-pressed", pressed);
  made.onclick = act;
  return made;
}

/* What changes with the song alone: buttons of sections and stems, and what can be kept. */
function rebuild() {
  const song = listening.song;
  find("title").textContent = song.title;
  document.title = `${song.title} – Dropsmith`;
  const seconds = song.frames / song.rate;
  find("facts").textContent = `${song.key} · ${song.bars} bars · ${minutes(seconds)}`;
  find("sections").replaceChildren(...song.sections.map((section, index) => {
    const made = button(section.name, () => seek(index, 0));
    made.style.borderLeftColor = KINDS[section.kind];
    return made;
  }));
  if (!find("stems").children.length) {
    find("stems").replaceChildren(...song.parts.map((part, index) => {
      const row = document.createElement("div"), name = document.createElement("span");
      row.className = "stem";
      row.dataset.part = part;
      name.textContent = part;
      name.style.color = PARTS[part];
      const muting = button("Mute", () => mute(part, false), false), alone = button("Solo", () => mute(part, true), false);
      muting.setAttribute("aria-label", `Mute ${part}`);
      muting.setAttribute("aria-keyshortcuts", String(index + 1));
      alone.setAttribute("aria-label", `Solo ${part}`);
      row.append(name, muting, alone);
      return row;
    }));
  }
  const kept = [["mix", "Mix (WAV)"], ...song.parts.map(part => [part, `${part} (WAV)`]), ["midi", "MIDI"],
    ["bundle", "FL Studio and others (ZIP)"]];
  find("downloads").replaceChildren(...kept.map(([what, text]) => {
    const link = document.createElement("a");
    link.href = `keep/${song.digest}/${what}`;
    link.download = "";
    link.textContent = text;
    return link;
  }));
}

function minutes(seconds) { return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`; }

function statusText() {
  const { song } = listening;
  if (listening.lost) return "Dropsmith does not answer: trying again (started anew it has another address)";
  if (!song) return "waiting for the song";
  if (listening.trouble) return listening.trouble;
  if (listening.wanted) return "click anywhere, or press a key, to hear what the app plays";
  const newest = listening.newer || song, done = newest.sections.filter(one => one.ready).length;
  if (listening.waiting) {
    const coming = [...buffers.values()].filter(one => one === "coming").length;
    return coming ? `fetching sound: ${coming} pieces to come` : `rendering: ${done} of ${newest.sections.length} sections`;
  }
  if (newest.waiting && done < newest.sections.length) return `rendering: ${done} of ${newest.sections.length} sections`;
  return "";
}

function setText(id, text) { if (find(id).textContent !== text) find(id).textContent = text; }

function frame() {
  requestAnimationFrame(frame);
  tellWhenPlaying();
  const { song } = listening;
  setText("status", statusText());
  if (!song || !song.sections.length || (!dirty && !listening.playing)) return;
  dirty = false;
  const here = place(), section = song.sections[here.index], bar = section.firstBar + barAt(section, here.offset) + 1;
  setText("play", listening.playing ? "Pause" : "Play");
  setText("clock", `${section.name} · bar ${bar} · ${minutes((section.start + here.offset) / song.rate)} / ` +
    minutes(song.frames / song.rate));
  find("loop").setAttribute("aria-pressed", Boolean(listening.range && listening.range.loop));
  const wave = find("wave");
  wave.setAttribute("aria-valuemax", song.bars);
  wave.setAttribute("aria-valuenow", bar);
  wave.setAttribute("aria-valuetext", `${section.name}, bar ${bar}`);
  [...find("sections").children].forEach((one, index) => one.setAttribute("aria-current", index === here.index));
  for (const row of find("stems").children) {
    const part = row.dataset.part;
    row.classList.toggle("silent", !audible(part));
    row.children[1].setAttribute("aria-pressed", listening.muted.has(part));
    row.children[2].setAttribute("aria-pressed", listening.solo.has(part));
  }
  drawWave(wave, song, listening.facts, here, audible);
  drawRolls(find("rolls"), song, listening.facts, here, audible);
  drawMeter(find("meter"), listening.playing ? listening.analyser : null, samples);
}

function tellWhenPlaying() { if (listening.playing) tell(false); }

function stepBars(bars) {
  const song = listening.song, here = place(), section = song.sections[here.index];
  let to = section.firstBar + barAt(section, here.offset) + bars;
  to = Math.max(0, Math.min(to, song.bars - 1));
  const index = song.sections.findIndex(one => to < one.firstBar + one.bars);
  seek(index, song.sections[index].barStarts[to - song.sections[index].firstBar]);
}

document.addEventListener("keydown", event => {
  if (!listening.song || event.ctrlKey || event.metaKey || event.altKey) return;
  const on = event.target, digit = /^Digit([1-4])$/.exec(event.code);
  if (event.key === " " && on.tagName !== "BUTTON" && on.tagName !== "A") toggle();
  else if (event.key === "ArrowRight" || event.key === "ArrowLeft") {
    const step = event.key === "ArrowRight" ? 1 : -1;
    if (event.shiftKey) seek(Math.max(0, Math.min(place().index + step, listening.song.sections.length - 1)), 0);
    else stepBars(step);
  } else if (event.key === "Home") seek(0, 0);
  else if (event.key === "l") loopSection();
  else if (digit) mute(listening.song.parts[digit[1] - 1], event.shiftKey);
  else return firstTouch();
  event.preventDefault();
  firstTouch();
});

/* A browser lets nothing sound before the first click or key: what the app asked for until then begins with it. */
function firstTouch() {
  if (!listening.song) return;
  wake();
  if (listening.wanted) { const wanted = listening.wanted; listening.wanted = null; obeyPlay(wanted); }
}

document.addEventListener("pointerup", event => { if (event.target.id !== "play") firstTouch(); });
find("play").onclick = toggle;
find("loop").onclick = () => listening.song && loopSection();
find("wave").onclick = event => {
  const song = listening.song;
  if (!song || !song.frames) return;
  const to = event.offsetX / find("wave").clientWidth * song.frames;
  let index = song.sections.length - 1;
  while (index > 0 && song.sections[index].start > to) index--;
  const section = song.sections[index];
  seek(index, section.barStarts[barAt(section, to - section.start)]);
};
window.addEventListener("resize", () => { dirty = true; });
setInterval(() => { schedule(); tellWhenPlaying(); }, 60);
requestAnimationFrame(frame);
connect();
