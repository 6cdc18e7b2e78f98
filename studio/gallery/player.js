// One sound at a time; the bar switches between source and takes at the same beat of the song.
const sounds = JSON.parse(document.getElementById("sounds").textContent);
const players = [...document.querySelectorAll("audio")];
const styles = Object.keys(sounds).filter((name) => name !== "source");
const bar = document.getElementById("bar");
const [play, place] = [document.getElementById("play"), document.getElementById("place")];
const switches = [...bar.querySelectorAll("[data-take]")];
let style = styles[0];
let current = playerOf(1);

function playerOf(take) {
  const name = take === 0 ? "source" : style;
  return players.find((one) => one.dataset.style === name && Number(one.dataset.take) === take);
}

function known(player) {
  return sounds[player.dataset.style][Math.max(Number(player.dataset.take) - 1, 0)];
}

// A moment in one sound as the same beat's moment in another; the pulse goes on evenly before the first and after the last.
function moved(moment, from, to) {
  const last = Math.min(from.length, to.length) - 1;
  let beat = from.findIndex((one) => one > moment) - 1;
  beat = beat < -1 || beat >= last ? last - 1 : Math.max(beat, 0);
  const share = (moment - from[beat]) / (from[beat + 1] - from[beat]);
  return Math.max(0, to[beat] + share * (to[beat + 1] - to[beat]));
}

function seek(player, moment) {
  if (player.readyState > 0) {
    player.currentTime = Math.min(moment, Math.max(player.duration - 0.1, 0));
  } else {
    player.addEventListener("loadedmetadata", () => seek(player, moment), { once: true });
    player.preload = "auto";
    player.load();
  }
}

function choose(player) {
  current = player;
  if (player.dataset.style !== "source") style = player.dataset.style;
  draw();
}

// Source or take of the style that is listened to, where the sound before it was.
function change(take) {
  const [before, next] = [current, playerOf(take)];
  if (!next || next === before) return;
  const sounding = !before.paused;
  seek(next, moved(before.currentTime, known(before).beats, known(next).beats));
  before.pause();
  choose(next);
  if (sounding) next.play();
}

function browse(step) {
  const sounding = !current.paused;
  const take = Number(current.dataset.take) || 1;
  current.pause();
  style = styles[(styles.indexOf(style) + step + styles.length) % styles.length];
  choose(playerOf(take));
  document.getElementById(style).scrollIntoView({ block: "center" });
  if (sounding) current.play();
}

function toggle() {
  if (current.paused) current.play();
  else current.pause();
}

function clock(seconds) {
  const whole = Math.floor(seconds || 0);
  return Math.floor(whole / 60) + ":" + String(whole % 60).padStart(2, "0");
}

function draw() {
  const take = Number(current.dataset.take);
  const title = document.getElementById(style + "-title").textContent;
  document.getElementById("name").textContent = title + (take ? ", take " + take : ": the source");
  play.classList.toggle("playing", !current.paused);
  play.setAttribute("aria-label", current.paused ? "Play" : "Pause");
  for (const one of switches) one.setAttribute("aria-pressed", String(Number(one.dataset.take) === take));
  for (const card of document.querySelectorAll(".card")) card.classList.toggle("current", card.id === style);
  for (const one of players) one.closest(".take").classList.toggle("sounding", !one.paused);
  follow();
}

function follow() {
  document.getElementById("clock").textContent = clock(current.currentTime) + " / " + clock(current.duration);
  place.value = current.duration ? (1000 * current.currentTime) / current.duration : 0;
}

for (const one of players) {
  one.volume = known(one).volume;
  one.addEventListener("play", () => {
    for (const other of players) if (other !== one) other.pause();
    choose(one);
  });
  one.addEventListener("pause", draw);
  one.addEventListener("timeupdate", () => one === current && follow());
  one.addEventListener("loadedmetadata", () => one === current && follow());
}
play.addEventListener("click", toggle);
place.addEventListener("input", () => seek(current, (place.value / 1000) * (current.duration || 0)));
for (const one of switches) one.addEventListener("click", () => change(Number(one.dataset.take)));
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const onControl = event.target.closest("button, summary, audio, a, input");
  const keys = { s: () => change(0), 1: () => change(1), 2: () => change(2), n: () => browse(1), p: () => browse(-1) };
  const action = event.key === " " && !onControl ? toggle : keys[event.key.toLowerCase()];
  if (!action) return;
  event.preventDefault();
  action();
});
bar.hidden = false;
draw();
