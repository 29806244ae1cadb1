// Speaks to a YAML language server as an editor does (Language Server Protocol 3.17, over standard input and output).
// Arguments: the server, a folder with application.json and service.json, the folder of fixtures.

import { spawn } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { pathToFileURL } from "node:url";

const [program, schemas, fixtures] = process.argv.slice(2);
const server = spawn(program, ["--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const answers = new Map(); // requests, by number
const reports = new Map(); // who waits for the problems of a file
let number = 0;
let buffer = Buffer.alloc(0);

const settings = {
  yaml: {
    schemas: {
      [pathToFileURL(join(schemas, "application.json")).href]: "application.yml",
      [pathToFileURL(join(schemas, "service.json")).href]: "service.yml",
    },
    schemaStore: { enable: false },
    validate: true,
    completion: true,
  },
};

function send(message) {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function ask(method, params) {
  number += 1;
  send({ id: number, method, params });
  return new Promise((resolve) => answers.set(number, resolve));
}

function receive(message) {
  if (message.method === "textDocument/publishDiagnostics") {
    reports.get(message.params.uri)?.(message.params.diagnostics);
  } else if (message.method === "workspace/configuration") {
    const result = message.params.items.map((item) => settings[item.section] ?? null);
    send({ id: message.id, result });
  } else if (message.method !== undefined && message.id !== undefined) {
    send({ id: message.id, result: null });
  } else if (answers.has(message.id)) {
    answers.get(message.id)(message.result);
    answers.delete(message.id);
  }
}

server.stdout.on("data", (chunk) => {
  buffer = Buffer.concat([buffer, chunk]);
  for (;;) {
    const end = buffer.indexOf("\r\n\r\n");
    const length = end < 0 ? null : /Content-Length: (\d+)/i.exec(buffer.subarray(0, end).toString());
    if (length === null || buffer.length < end + 4 + Number(length[1])) return;
    const body = buffer.subarray(end + 4, end + 4 + Number(length[1]));
    buffer = buffer.subarray(end + 4 + Number(length[1]));
    receive(JSON.parse(body.toString()));
  }
});

// What the server says of a text that lies at this address.
function problems(uri, text) {
  const report = new Promise((resolve) => reports.set(uri, resolve));
  send({
    method: "textDocument/didOpen",
    params: { textDocument: { uri, languageId: "yaml", version: 1, text } },
  });
  return report;
}

async function completions(uri, text) {
  await problems(uri, text);
  const lines = text.split("\n");
  const position = { line: lines.length - 1, character: lines[lines.length - 1].length };
  const list = await ask("textDocument/completion", { textDocument: { uri }, position });
  return (list.items ?? list).map((item) => item.label);
}

function manifests(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return manifests(path);
    return ["application.yml", "service.yml"].includes(basename(path)) ? [path] : [];
  });
}

const failures = [];
function expect(what, holds) {
  if (!holds) failures.push(what);
}

// A minute without an answer is none.
const late = setTimeout(() => {
  console.error("the language server does not answer");
  process.exit(1);
}, 300_000);

await ask("initialize", {
  processId: process.pid,
  rootUri: null,
  capabilities: { textDocument: { completion: {}, publishDiagnostics: {} }, workspace: { configuration: true } },
});
send({ method: "initialized", params: {} });
send({ method: "workspace/didChangeConfiguration", params: { settings } });

const valid = manifests(fixtures);
expect("there are fixtures", valid.length > 50);
for (const path of valid) {
  const found = await problems(pathToFileURL(path).href, readFileSync(path, "utf8"));
  for (const { range, message } of found) {
    failures.push(`${relative(fixtures, path)}:${range.start.line + 1}: ${message}`);
  }
}

// File, text, and the lines that are to be flagged.
const mistakes = [
  ["application.yml", "name: shop\nservises:\n  web: ./web\n", [2]],
  ["application.yml", "name: shop\nservices:\n  web: { location: ./web, port: many }\n", [3]],
  ["application.yml", "name: shop\ndependencies:\n  db: { type: postgress }\n", [3]],
  ["application.yml", "services:\n  web: ./web\n", [1]],
  ["service.yml", "port: 3000\nhealth: { pathh: /healthz }\n", [2]],
  ["service.yml", "type: website\nport: 70000\n", [1, 2]],
];
for (const [index, [file, text, lines]] of mistakes.entries()) {
  const found = await problems(`file:///mistakes/${index}/${file}`, text);
  const flagged = [...new Set(found.map(({ range }) => range.start.line + 1))].sort((one, other) => one - other);
  expect(`${JSON.stringify(text)}: lines ${lines} are flagged, not ${flagged}`, `${flagged}` === `${lines}`);
}

// File, text up to the cursor, and labels that are to be offered.
const cursors = [
  ["application.yml", "", ["name", "services", "dependencies", "environments"]],
  ["application.yml", "name: shop\ndependencies:\n  db:\n    ", ["type", "storage", "availability"]],
  ["application.yml", "name: shop\nservices:\n  web:\n    location: ./web\n    ", ["port", "uses", "health"]],
  ["service.yml", "", ["port", "uses", "route", "health", "environment"]],
  ["service.yml", "type: ", ["public", "private", "worker", "job"]],
];
for (const [index, [file, text, labels]] of cursors.entries()) {
  const offered = await completions(`file:///cursors/${index}/${file}`, text);
  const missing = labels.filter((label) => !offered.includes(label));
  expect(`${JSON.stringify(text)}: ${missing} are offered, not only ${offered}`, missing.length === 0);
}

clearTimeout(late);
await ask("shutdown", null);
send({ method: "exit" });
if (failures.length > 0) {
  console.error(failures.join("\n"));
  process.exit(1);
}
console.log(
  `${valid.length} manifests without a problem, ${mistakes.length} texts with mistakes flagged, ${cursors.length} completed`,
);
process.exit(0);
