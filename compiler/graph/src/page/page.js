// The page's program: shows one environment, searches, zooms, and tells what a node is linked with. Texts of the manifest
// become text of the page only, never markup. It asks for nothing and keeps nothing.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const canvas = document.getElementById("canvas");
const panel = document.getElementById("panel");
const search = document.getElementById("search");
const found = document.getElementById("found");
const still = matchMedia("(prefers-reduced-motion: reduce)");

// What is shown of each environment, and where.
const sheets = data.map((picture, index) => {
  const place = document.querySelector(`[data-sheet="${index}"]`);
  const svg = place.querySelector("svg");
  const nodes = [...svg.querySelectorAll("[data-node]")];
  const links = [...svg.querySelectorAll(".link")];
  const labels = [...svg.querySelectorAll(".label")];
  const [width, height] = [Number(svg.dataset.width), Number(svg.dataset.height)];
  return { picture, place, svg, nodes, links, labels, width, height, view: null };
});

let current = 0; // the sheet that is shown
let chosen = null; // the node that is chosen, by its number
let marked = []; // the nodes that the search found

const sheet = () => sheets[current];

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children.filter((child) => child !== null));
  return made;
}

// Names that stay legible from afar, across the whole of a node: in two lines where that makes them larger.
function lines(name) {
  const cuts = [...name.matchAll(/[-.]/g)].map((match) => match.index + 1);
  const longer = (cut) => Math.max(cut, name.length - cut);
  const cut = cuts.sort((one, other) => longer(one) - longer(other))[0];
  return cut !== undefined && name.length > 7 ? [name.slice(0, cut), name.slice(cut)] : [name];
}

for (const { picture, nodes } of sheets) {
  const room = nodes.length > 0 ? Number(nodes[0].querySelector(".card").getAttribute("width")) - 12 : 0;
  const fits = (name) => room / (0.66 * Math.max(...lines(name).map((line) => line.length), 1));
  const common = picture.nodes.reduce((least, { name }) => Math.min(least, fits(name)), 24);
  nodes.forEach((node, index) => {
    const card = node.querySelector(".card");
    const [x, y, width, height] = ["x", "y", "width", "height"].map((key) => Number(card.getAttribute(key)));
    const { name } = picture.nodes[index];
    const size = Math.min(Math.max(common, 19), fits(name));
    lines(name).forEach((line, number, all) => {
      const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
      text.setAttribute("class", "far-name");
      text.setAttribute("x", x + width / 2);
      text.setAttribute("y", y + height / 2 + (number - (all.length - 1) / 2) * size);
      text.setAttribute("font-size", size.toFixed(1));
      text.textContent = line;
      node.append(text);
    });
  });
}

// --- zoom: a view is the part of the drawing that is seen -----------------------------------------------------------

function show(view) {
  const { svg, labels } = sheet();
  sheet().view = view;
  svg.setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
  const scale = Math.min(canvas.clientWidth / view.width, canvas.clientHeight / view.height);
  svg.classList.toggle("far", scale < 0.56);
  svg.classList.toggle("close-by", scale > 1.15 && labels.length > 0);
  svg.dataset.scale = scale.toFixed(3);
}

function whole() {
  const { width, height } = sheet();
  // Small pictures are not blown up.
  const scale = Math.min(canvas.clientWidth / width, canvas.clientHeight / height, 1.35);
  const [w, h] = [canvas.clientWidth / scale, canvas.clientHeight / scale];
  return { x: (width - w) / 2, y: (height - h) / 2, width: w, height: h };
}

let running = 0;
function glide(to) {
  cancelAnimationFrame(running);
  const from = sheet().view;
  if (still.matches || !from) return show(to);
  const begin = performance.now();
  const step = (now) => {
    const part = Math.min(1, Math.max(0, now - begin) / 220);
    const eased = 1 - (1 - part) ** 3;
    const at = (key) => from[key] + (to[key] - from[key]) * eased;
    show({ x: at("x"), y: at("y"), width: at("width"), height: at("height") });
    if (part < 1) running = requestAnimationFrame(step);
  };
  running = requestAnimationFrame(step);
}

// The view, larger or smaller around a point of the window.
function zoomed(factor, x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) {
  const view = sheet().view;
  const scale = canvas.clientWidth / view.width;
  const bounded = Math.min(4, Math.max(0.05, scale * factor)) / scale;
  const [px, py] = [view.x + x / scale, view.y + y / scale];
  const [width, height] = [view.width / bounded, view.height / bounded];
  return { x: px - (px - view.x) / bounded, y: py - (py - view.y) / bounded, width, height };
}

function moved(dx, dy) {
  const view = sheet().view;
  const scale = canvas.clientWidth / view.width;
  return { ...view, x: view.x - dx / scale, y: view.y - dy / scale };
}

// Moves the view if a node is not in it, or too small in it.
function bring(index) {
  const card = sheet().nodes[index].querySelector(".card");
  const [x, y, width, height] = ["x", "y", "width", "height"].map((key) => Number(card.getAttribute(key)));
  const view = sheet().view;
  const inside = x > view.x && y > view.y && x + width < view.x + view.width && y + height < view.y + view.height;
  if (inside) return;
  glide({ ...view, x: x + width / 2 - view.width / 2, y: y + height / 2 - view.height / 2 });
}

canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  cancelAnimationFrame(running);
  const box = canvas.getBoundingClientRect();
  const lines = event.deltaMode === 1 ? 18 : 1;
  const factor = Math.exp(-Math.max(-240, Math.min(240, event.deltaY * lines)) / 420);
  show(zoomed(factor, event.clientX - box.left, event.clientY - box.top));
}, { passive: false });

const pointers = new Map();
let dragged = 0;
canvas.addEventListener("pointerdown", (event) => {
  if (event.button !== 0) return;
  if (pointers.size === 0) dragged = 0;
  pointers.set(event.pointerId, event);
});
addEventListener("pointermove", (event) => {
  const last = pointers.get(event.pointerId);
  if (!last) return;
  const [dx, dy] = [event.clientX - last.clientX, event.clientY - last.clientY];
  dragged += Math.abs(dx) + Math.abs(dy);
  if (pointers.size === 2) {
    const other = [...pointers.values()].find((pointer) => pointer.pointerId !== event.pointerId);
    const far = (one) => Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY) || 1;
    const box = canvas.getBoundingClientRect();
    const [x, y] = [(event.clientX + other.clientX) / 2 - box.left, (event.clientY + other.clientY) / 2 - box.top];
    show(zoomed(far(event) / far(last), x, y));
  } else if (dragged > 4) {
    canvas.classList.add("moving");
    show(moved(dx, dy));
  }
  pointers.set(event.pointerId, event);
});
for (const end of ["pointerup", "pointercancel"]) {
  addEventListener(end, (event) => {
    pointers.delete(event.pointerId);
    canvas.classList.remove("moving");
  });
}

// --- what is near to what --------------------------------------------------------------------------------------------

function mark() {
  const { picture, svg, nodes, links, labels } = sheet();
  const centre = new Set(chosen === null ? marked : [chosen]);
  const near = new Set(centre);
  const lines = new Set();
  picture.links.forEach(([from, to], index) => {
    if (centre.has(from) || centre.has(to)) {
      lines.add(index);
      near.add(from).add(to);
    }
  });
  svg.classList.toggle("focused", centre.size > 0 || search.value.trim() !== "");
  nodes.forEach((node, index) => {
    node.classList.toggle("near", near.has(index));
    node.classList.toggle("chosen", centre.has(index));
    node.setAttribute("aria-pressed", String(index === chosen));
  });
  for (const part of [links, labels]) part.forEach((one, index) => one.classList.toggle("near", lines.has(index)));
}

function choose(index, bringing = false) {
  chosen = index;
  mark();
  tell();
  if (index !== null && bringing) bring(index);
}

function seek() {
  const words = search.value.trim().toLowerCase().split(/\s+/).filter((word) => word !== "");
  const { picture } = sheet();
  marked = [];
  if (words.length > 0) {
    picture.nodes.forEach((node, index) => {
      const ports = picture.links.filter(([, to]) => to === index).map((link) => link[3]);
      const facts = node.facts.flatMap(([, values]) => values);
      const text = [node.name, node.kind, node.what, ...facts, ...ports].join(" ").toLowerCase();
      if (words.every((word) => text.includes(word))) marked.push(index);
    });
  }
  found.textContent = words.length === 0 ? "" : `${marked.length} found`;
  chosen = null;
  mark();
  tell();
}

// --- the panel -------------------------------------------------------------------------------------------------------

function tell() {
  const { picture } = sheet();
  panel.replaceChildren(...(chosen === null ? overview(picture) : details(picture, chosen)));
}

function overview(picture) {
  const said = [element("h2", {}, picture.environment)];
  if (picture.description) said.push(element("p", {}, picture.description));
  if (picture.owner) said.push(element("p", {}, `Owned by ${picture.owner}`));
  said.push(element("p", {}, picture.summary));
  if (marked.length > 0) {
    said.push(element("h3", {}, "Found"), names(marked.slice(0, 60).map((index) => [index, picture.nodes[index].kind])));
    return said;
  }
  said.push(element("h3", {}, "Zones"));
  const zones = picture.zones.map(([word, title]) => {
    const number = picture.nodes.filter((node) => node.zone === word).length;
    return number === 0 ? null : element("li", {}, element("span", { class: `badge ${word}` }, `${title}: ${number}`));
  });
  said.push(element("ul", {}, ...zones));
  said.push(element("h3", {}, "Keys"));
  const keys = [["/", "search"], ["+ − 0", "zoom, fit"], ["arrows", "to the next node"], ["d", "light or dark"], ["Esc", "clear"]];
  const list = element("dl");
  for (const [key, does] of keys) list.append(element("dt", {}, element("kbd", {}, key)), element("dd", {}, does));
  said.push(list);
  return said;
}

function details(picture, index) {
  const node = picture.nodes[index];
  const close = element("button", { type: "button", class: "close", "aria-label": "Clear ( Esc )" }, "×");
  close.addEventListener("click", () => choose(null));
  const said = [close, element("h2", {}, node.name), element("span", { class: `badge ${node.zone}` }, node.kind)];
  said.push(element("p", {}, node.what));
  const ends = (own, other) => picture.links.filter((link) => link[own] === index).map((link) => [link[other], link[3]]);
  for (const [title, list] of [["Uses", ends(0, 1)], ["Used by", ends(1, 0)]]) {
    if (list.length > 0) said.push(element("h3", {}, `${title} (${list.length})`), names(list));
  }
  if (node.facts.length > 0) {
    const list = element("dl");
    for (const [label, values] of node.facts) {
      list.append(element("dt", {}, label), element("dd", {}, ...values.map((value) => element("span", {}, value))));
    }
    said.push(element("h3", {}, "Facts"), list);
  }
  return said;
}

// Nodes as buttons that choose them, each with a remark.
function names(list) {
  const { picture } = sheet();
  const items = list.map(([index, remark]) => {
    const name = element("span", {}, picture.nodes[index].name);
    const button = element("button", { type: "button" }, name, element("small", {}, remark));
    button.addEventListener("click", () => choose(index, true));
    return element("li", {}, button);
  });
  return element("ul", {}, ...items);
}

// --- what the reader does ---------------------------------------------------------------------------------------------

function turn(index) {
  const name = chosen === null ? null : sheet().picture.nodes[chosen].name;
  current = index;
  sheets.forEach(({ place }, number) => (place.hidden = number !== index));
  document.querySelectorAll("[data-environment]").forEach((button, number) => {
    button.setAttribute("aria-pressed", String(number === index));
  });
  chosen = null;
  show(sheet().view ?? whole());
  seek();
  // The same node is in most environments.
  const same = sheet().picture.nodes.findIndex((node) => node.name === name);
  if (same >= 0) choose(same, true);
}

// The nearest node in a direction, of which each step aside counts twice.
function beside(index, [right, down]) {
  const middle = (node) => {
    const card = node.querySelector(".card");
    const value = (key) => Number(card.getAttribute(key));
    return [value("x") + value("width") / 2, value("y") + value("height") / 2];
  };
  const { nodes } = sheet();
  const [x, y] = middle(nodes[index]);
  let best = null;
  nodes.forEach((node, number) => {
    const [dx, dy] = [middle(node)[0] - x, middle(node)[1] - y];
    const ahead = dx * right + dy * down;
    const far = ahead + 2 * Math.abs(dx * down + dy * right);
    if (number !== index && ahead > 1 && (best === null || far < best[0])) best = [far, number];
  });
  return best === null ? index : best[1];
}

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

document.querySelectorAll("[data-environment]").forEach((button, index) => {
  button.addEventListener("click", () => turn(index));
});
document.getElementById("in").addEventListener("click", () => glide(zoomed(1.4)));
document.getElementById("out").addEventListener("click", () => glide(zoomed(1 / 1.4)));
document.getElementById("fit").addEventListener("click", () => glide(whole()));
document.getElementById("theme").addEventListener("click", darken);
search.addEventListener("input", seek);
search.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && marked.length > 0) {
    choose(marked[0], true);
    sheet().nodes[marked[0]].focus();
  }
});

function darken() {
  const root = document.documentElement;
  const prefers = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme ?? prefers) === "dark" ? "light" : "dark";
}

canvas.addEventListener("click", (event) => {
  if (dragged > 4) return;
  const node = event.target.closest("[data-node]");
  if (node !== null) choose(Number(node.dataset.node));
  else if (chosen !== null) choose(null);
});
canvas.addEventListener("focusin", (event) => {
  const node = event.target.closest("[data-node]");
  if (node !== null && pointers.size === 0) bring(Number(node.dataset.node));
});
// A browser scrolls to what has the focus; the view does that here.
canvas.addEventListener("scroll", () => canvas.scrollTo(0, 0));

addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const node = document.activeElement?.closest("[data-node]");
  if (event.key === "Escape") {
    search.value = "";
    seek();
    return;
  }
  if (event.target === search) return;
  const actions = {
    "/": () => search.focus(),
    "+": () => glide(zoomed(1.4)),
    "=": () => glide(zoomed(1.4)),
    "-": () => glide(zoomed(1 / 1.4)),
    0: () => glide(whole()),
    d: darken,
  };
  if (node && (event.key === "Enter" || event.key === " ")) choose(Number(node.dataset.node));
  else if (node && ARROWS[event.key]) sheet().nodes[beside(Number(node.dataset.node), ARROWS[event.key])].focus();
  else if (ARROWS[event.key]) show(moved(-60 * ARROWS[event.key][0], -60 * ARROWS[event.key][1]));
  else if (actions[event.key]) actions[event.key]();
  else return;
  event.preventDefault();
});

addEventListener("resize", () => {
  sheets.forEach((one) => (one.view = null));
  show(whole());
});

show(whole());
tell();
