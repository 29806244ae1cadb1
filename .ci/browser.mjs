// Reads the page of `exoc graph` as a person does, in Chromium through the DevTools protocol.
// Arguments: the folder with puppeteer-core, exoc, a folder to write to; then perhaps `--screenshots` and a folder.

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [tools, exoc, work, option, folder] = process.argv.slice(2);
const puppeteer = createRequire(join(resolve(tools), "x.js"))("puppeteer-core");
const screenshots = option === "--screenshots" ? resolve(folder) : null;

const failures = [];
function expect(what, holds) {
  if (!holds) failures.push(what);
}

// --- applications -----------------------------------------------------------------------------------------------------

// Numbers that look random and are the same on every run (Park and Miller).
function numbers(seed) {
  let state = seed;
  return (below) => {
    state = (state * 48271) % 2147483647;
    return state % below;
  };
}

const FIVE = `name: shop
description: Sells things
owner: team-checkout
dependencies:
  db: postgres:17
  cache: redis:7
  receipts: bucket
  payments: { type: external, url: "https://payments.example.com" }
services:
  web: { image: ghcr.io/acme/web:4.1.0, security: { user: 1000 }, port: 3000, route: /, uses: [api, cache], scale: 2 }
  api: { image: ghcr.io/acme/api:4.1.0, security: { user: 1000 }, port: 4000, route: /api, uses: [catalog, cache, db, payments, receipts], scale: { min: 3, max: 30, cpu: 70% } }
  catalog: { image: ghcr.io/acme/catalog:2.0.3, security: { user: 1000 }, port: 7000, uses: [db] }
  mailer: { image: ghcr.io/acme/mailer:2.1.0, security: { user: 1000 }, uses: [cache, internet] }
  nightly: { image: ghcr.io/acme/api:4.1.0, security: { user: 1000 }, type: job, schedule: "0 3 * * *", command: [node, report.js], uses: [db, receipts] }
`;

const DOMAINS = ["cart", "catalog", "checkout", "orders", "payments", "pricing", "search", "stock", "shipping", "users",
  "reviews", "email", "tax", "coupons", "returns", "invoices", "fraud", "ads", "loyalty", "media"];
const PARTS = ["web", "api", "rules", "events", "sync", "feed", "export", "admin", "worker", "store"];
const STORES = ["postgres:17", "redis:7", "queue", "bucket", "mongodb:8.0", "search:3.3"];

// An application of so many services: each part of a domain calls the next part, now and then that of a neighbour.
function large(count) {
  const next = numbers(count);
  const domains = Math.ceil(count / PARTS.length);
  const all = [];
  for (let index = 0; index < count; index += 1) {
    const [domain, part] = [index % domains, Math.floor(index / domains)];
    all.push({ domain, part, role: `${DOMAINS[domain]}-${PARTS[part]}` });
  }
  const at = (domain, part) => all.find((one) => one.domain === (domain + domains) % domains && one.part === part);
  const dependencies = DOMAINS.slice(0, domains).flatMap((name, index) => {
    const stores = [`  ${name}-db: ${STORES[0]}`];
    if (index % 2 === 0) stores.push(`  ${name}-${STORES[1 + (index / 2) % 5].split(":")[0]}: ${STORES[1 + (index / 2) % 5]}`);
    return stores;
  });
  const names = dependencies.map((line) => line.trim().split(":")[0]);
  const services = all.map(({ domain, part, role }, index) => {
    const uses = new Set();
    const callee = at(domain, part + 1 + (next(4) === 0 ? 1 : 0));
    if (callee && part % 5 !== 4) uses.add(callee.role);
    const neighbour = at(domain + 1 + next(3), part + 1);
    if (neighbour && next(5) === 0) uses.add(neighbour.role);
    const own = names.filter((name) => name.startsWith(`${DOMAINS[domain]}-`));
    if (part >= 1 && next(2) === 0) uses.add(own[next(own.length)]);
    if (next(12) === 0) uses.add(["partner", "internet"][next(2)]);
    const keys = [`image: ghcr.io/acme/${role}:1.${index % 7}.0, security: { user: 1000 }`];
    if (PARTS[part] === "export" && index % 3 === 0) keys.push(`type: job, schedule: "${next(60)} ${next(24)} * * *"`);
    else if (PARTS[part] !== "worker" && PARTS[part] !== "export") keys.push(`port: ${3000 + (part * 100) + domain}`);
    if (part === 0) keys.push(`route: ${domain === 0 ? "/" : `/${DOMAINS[domain]}`}`);
    if (next(3) === 0 && !keys.some((key) => key.startsWith("type: job"))) keys.push(`scale: ${2 + next(5)}`);
    return { role, keys, uses };
  });
  // Nothing connects to what has no port.
  const closed = new Set(services.filter(({ keys }) => !keys.some((key) => key.startsWith("port"))).map(({ role }) => role));
  const lines = services.map(({ role, keys, uses }) => {
    const open = [...uses].filter((name) => !closed.has(name));
    if (open.length > 0) keys.push(`uses: [${open.join(", ")}]`);
    return `  ${role}: { ${keys.join(", ")} }`;
  });
  const partner = '  partner: { type: external, url: "https://partner.example.com" }';
  return `name: market\ndescription: ${count} services\ndependencies:\n${[...dependencies, partner].join("\n")}\nservices:\n${lines.join("\n")}\n`;
}

function drawn(count) {
  const text = `${count === 5 ? FIVE : large(count)}environments:
  production: { domain: shop.example.com, targets: { compose: {} } }
  staging: { domain: staging.example.com, targets: { compose: {} } }
`;
  const place = join(work, String(count));
  mkdirSync(place);
  writeFileSync(join(place, "application.yml"), text);
  const begin = Date.now();
  const draw = (format) => execFileSync(exoc, ["graph", "-C", place, "--format", format], { maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "inherit"] });
  const page = join(place, "page.html");
  writeFileSync(page, draw("html"));
  console.log(`${count} services, three environments: drawn in ${Date.now() - begin} ms`);
  writeFileSync(join(place, "picture.svg"), draw("svg"));
  return page;
}

// --- the reader -------------------------------------------------------------------------------------------------------

const browser = await puppeteer.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
});

// A page that is open, with what it asked for and complained about.
async function open(path, theme = "light") {
  const page = await browser.newPage();
  const told = { page, requests: [], complaints: [] };
  page.on("request", (request) => told.requests.push(request.url()));
  page.on("console", (message) => told.complaints.push(message.text()));
  page.on("pageerror", (error) => told.complaints.push(error.message));
  await page.setViewport({ width: 1440, height: 860, deviceScaleFactor: 1 });
  await page.emulateMediaFeatures([
    { name: "prefers-color-scheme", value: theme },
    { name: "prefers-reduced-motion", value: "reduce" },
  ]);
  await page.goto(pathToFileURL(path).href);
  return told;
}

// What can be seen of the drawing that is shown.
function seen(page) {
  return page.evaluate(() => {
    const sheets = [...document.querySelectorAll(".sheet")].filter((sheet) => !sheet.hidden);
    const svg = sheets[0]?.querySelector("svg");
    const all = (selector) => [...(svg?.querySelectorAll(selector) ?? [])];
    const named = (selector) => all(selector).map((node) => node.getAttribute("aria-label").split(",")[0]);
    return {
      sheets: sheets.length,
      nodes: named("[data-node]"),
      near: named("[data-node].near"),
      chosen: named("[data-node].chosen"),
      links: all(".link").length,
      nearLinks: all(".link.near").length,
      labels: all(".label").filter((label) => getComputedStyle(label).display !== "none").length,
      scale: Number(svg?.dataset.scale),
      pressed: document.querySelector("[data-environment][aria-pressed=true]")?.textContent,
      panel: document.getElementById("panel").innerText,
      ground: getComputedStyle(document.body).backgroundColor,
      found: document.getElementById("found").textContent,
      focus: document.activeElement?.getAttribute("aria-label")?.split(",")[0],
    };
  });
}

async function environment(page, name) {
  for (const button of await page.$$("[data-environment]")) {
    if ((await button.evaluate((one) => one.textContent)) === name) await button.click();
  }
}

// Clicks in the middle of a node, where a person would.
async function click(page, name) {
  const at = await page.evaluate((name) => {
    const nodes = [...document.querySelectorAll(".sheet:not([hidden]) [data-node]")];
    const node = nodes.find((one) => one.getAttribute("aria-label").startsWith(`${name},`));
    const box = node.querySelector(".card").getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  }, name);
  await page.mouse.click(...at);
}

// Everything that a reader does; what is not as it should be, as sentences.
async function read(path, count, subject) {
  const wrong = [];
  const want = (what, holds) => holds || wrong.push(`${count} services: ${what}`);
  const { page, requests, complaints } = await open(path);
  const { name, callee, word } = subject;

  await environment(page, "production");
  let now = await seen(page);
  want("one environment is shown", now.sheets === 1 && now.pressed === "production");
  want(`all services are drawn, not ${now.nodes.length}`, now.nodes.length > count && now.links >= count);
  want("nothing is chosen at first", now.near.length === 0 && now.chosen.length === 0);

  await click(page, name);
  now = await seen(page);
  want(`a click chooses ${name}, not ${now.chosen}`, `${now.chosen}` === name);
  want("its links stand out", now.nearLinks > 0 && now.nearLinks < now.links && now.near.includes(callee));
  want("the panel tells of it", now.panel.includes(name) && now.panel.includes(callee) && /uses/i.test(now.panel));
  await page.keyboard.press("Escape");
  now = await seen(page);
  want("Escape clears", now.chosen.length === 0 && now.near.length === 0);

  await page.keyboard.press("/");
  await page.keyboard.type(word);
  now = await seen(page);
  want(`a search finds ${word}`, now.chosen.length > 0 && now.chosen.every((one) => one.includes(word)));
  want("it says how many", now.found === `${now.chosen.length} found`);
  await page.keyboard.press("Enter");
  now = await seen(page);
  want("Enter goes to the first that is found", now.chosen.length === 1 && now.focus === now.chosen[0]);
  await page.keyboard.press("ArrowRight");
  const moved = await seen(page);
  want("arrows go on", moved.focus !== now.focus && moved.nodes.includes(moved.focus));
  await page.keyboard.press("Enter");
  want("Enter chooses", `${(await seen(page)).chosen}` === moved.focus);
  await page.keyboard.press("Escape");

  const before = (await seen(page)).scale;
  await page.click("#in");
  const closer = (await seen(page)).scale;
  want(`a button zooms (${before}, ${closer})`, closer > before * 1.2);
  await page.mouse.move(500, 500);
  await page.mouse.wheel({ deltaY: -900 });
  await new Promise((done) => setTimeout(done, 100));
  const closest = (await seen(page)).scale;
  want(`the wheel zooms (${closer}, ${closest})`, closest > closer * 1.2);
  for (let step = 0; step < 6; step += 1) await page.click("#in");
  want("ports are told from close by", (await seen(page)).labels > 0);
  await page.keyboard.press("0");
  want("0 shows all again", Math.abs((await seen(page)).scale - before) < 0.01);

  await click(page, name);
  await environment(page, "staging");
  now = await seen(page);
  want("the environment changes", now.pressed === "staging" && now.nodes.includes("staging.example.com"));
  want("the same node stays chosen", `${now.chosen}` === name);
  const light = now.ground;
  await page.click("#theme");
  const dark = (await seen(page)).ground;
  want(`the colours change (${light}, ${dark})`, light !== dark);
  await page.keyboard.press("d");
  want("and back", (await seen(page)).ground === light);

  const tree = await page.accessibility.snapshot();
  const named = [];
  const walk = (one) => {
    named.push([one.role, one.name ?? ""]);
    (one.children ?? []).forEach(walk);
  };
  walk(tree);
  const buttons = named.filter(([role]) => role === "button");
  want("every button has a name", buttons.length > count && buttons.every(([, text]) => text.trim() !== ""));
  const says = (begin) => buttons.some(([, text]) => text.startsWith(begin));
  want("a node says what it is", says(`${name}, service,`) || says(`${name}, worker,`));
  want("the search has a name", named.some(([role, text]) => role === "searchbox" && text.startsWith("Search")));

  want(`nothing is asked for but the page: ${requests.slice(1)}`, requests.length === 1);
  want(`nobody complains: ${complaints}`, complaints.length === 0);
  const injected = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.body.append(script);
    return window.ran === true;
  });
  want("no other program may run", !injected);
  await page.close();
  return wrong;
}

const SUBJECTS = {
  5: { name: "api", callee: "catalog", word: "cat" },
  50: { name: "cart-web", callee: "cart-api", word: "orders" },
  200: { name: "orders-web", callee: "orders-api", word: "loyalty" },
};

async function shoot(path, count, theme, act) {
  const { page } = await open(path, theme);
  await environment(page, "production");
  if (act) await click(page, act);
  await new Promise((done) => setTimeout(done, 300));
  const name = `${count}${theme === "dark" ? "-dark" : ""}.png`;
  await page.screenshot({ path: join(screenshots, name) });
  await page.close();
}

for (const count of [5, 50, 200]) {
  const path = drawn(count);
  failures.push(...(await read(path, count, SUBJECTS[count])));
  if (screenshots) {
    mkdirSync(screenshots, { recursive: true });
    await shoot(path, count, "light");
    await shoot(path, count, "dark", SUBJECTS[count].name);
  }
}

// Faults that the reader has to notice: what stands in the page, and what instead.
const whole = readFileSync(join(work, "5", "page.html"), "utf8");
const FAULTS = [
  ["no program runs", "script-src &#39;sha256-", "script-src &#39;sha256-x"],
  ["something is asked for", "<header>", '<header><img src="file:///nowhere.png" alt=""/>'],
  ["a node has no name", /aria-label="api, [^"]*"/g, 'aria-label=""'],
  ["no environment is left", "data-environment=", "data-x="],
];
for (const [what, from, to] of FAULTS) {
  const broken = join(work, `${FAULTS.findIndex((fault) => fault[0] === what)}.html`);
  const text = whole.replace(from, to);
  expect(`${what}: the fault is made`, text !== whole);
  writeFileSync(broken, text);
  const noticed = await read(broken, 5, SUBJECTS[5]).then((wrong) => wrong.length > 0, () => true);
  expect(`${what}: nobody notices`, noticed);
}

await browser.close();
if (failures.length > 0) {
  console.error(failures.join("\n"));
  process.exit(1);
}
console.log(`three pages read, ${FAULTS.length} faults noticed`);
