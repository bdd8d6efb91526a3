// Draws /openapi.json as a page. Text is only ever set as text, so nothing in the document can become markup.
"use strict";

const METHODS = ["get", "post", "put", "delete"];
let documentation;

/** Returns an element; `children` are nodes or strings. */
function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child != null));
  return node;
}

/** Turns `code` and **bold** of one paragraph into nodes. */
function inline(text) {
  return text.split(/(`[^`]+`|\*\*[^*]+\*\*)/).filter(Boolean).map((piece) => {
    if (piece.startsWith("`")) return element("code", {}, piece.slice(1, -1));
    if (piece.startsWith("**")) return element("strong", {}, piece.slice(2, -2));
    return piece;
  });
}

/** Turns the little Markdown of our descriptions (paragraphs, tables, code) into nodes. */
function prose(text = "") {
  return text.trim().split(/\n\s*\n/).filter(Boolean).map((block) => {
    const lines = block.split("\n").map((line) => line.trim());
    return lines[0].startsWith("|") ? table(lines) : element("p", {}, inline(lines.join(" ")));
  });
}

function table(lines) {
  const rows = lines.filter((line) => !/^\|[-\s|]+\|$/.test(line))
    .map((line) => line.slice(1, -1).split("|").map((cell) => cell.trim()));
  return element("table", {},
    element("thead", {}, element("tr", {}, rows[0].map((cell) => element("th", {}, inline(cell))))),
    element("tbody", {}, rows.slice(1).map((row) => element("tr", {}, row.map((cell) => element("td", {}, inline(cell)))))));
}

/** Follows a reference, drops the "or null" that every optional field carries, and shows objects of several kinds as one. */
function resolve(schema) {
  let found = schema || {};
  if (found.$ref) found = found.$ref.split("/").slice(1).reduce((node, key) => node[key], documentation);
  const choices = (found.anyOf || []).filter((choice) => choice.type !== "null");
  if (choices.length === 1) return { ...found, ...resolve(choices[0]), description: found.description };
  const kinds = choices.map(resolve).reverse(); // the plainest is the last
  if (!kinds.length || !kinds.every((kind) => kind.properties)) return found;
  return { ...found, type: "object", properties: Object.assign({}, ...kinds.map((kind) => kind.properties)) };
}

function typeOf(schema) {
  const found = resolve(schema);
  if (found.type === "array") return `array of ${typeOf(found.items)}`;
  return found.type || "any";
}

function limitsOf(schema) {
  const found = resolve(schema);
  const values = found.enum || (found.const !== undefined ? [found.const] : null);
  const words = [];
  if (values) words.push(values.map((value) => JSON.stringify(value)).join(" · "));
  if (found.maxLength !== undefined) words.push(`≤ ${found.maxLength.toLocaleString("en")} characters`);
  if (found.minimum !== undefined) words.push(`≥ ${found.minimum}`);
  if (found.exclusiveMinimum !== undefined) words.push(`> ${found.exclusiveMinimum}`);
  if (found.maximum !== undefined) words.push(`≤ ${found.maximum}`);
  if (found.exclusiveMaximum !== undefined) words.push(`< ${found.exclusiveMaximum.toLocaleString("en")}`);
  return words.join(", ");
}

/** Whether an answer's field may be null; in a request null only means "not sent". */
function nullable(schema) {
  return (schema.anyOf || []).some((choice) => choice.type === "null");
}

/** A table of fields: of a request with those it must have, of an answer (`required` null) with those that may be null. */
function fields(properties, required) {
  return element("table", {}, element("tbody", {}, Object.entries(properties).map(([name, schema]) =>
    element("tr", {},
      element("td", { class: "field" }, name, required?.includes(name) ? element("span", { class: "must" }, "required") : null),
      element("td", {}, element("span", { class: "limits" }, [typeOf(schema) + (required === null && nullable(schema) ? " or null" : ""), limitsOf(schema)].filter(Boolean).join(" — ")),
        prose(schema.description || ""))))));
}

/** Makes up a value of a schema from its examples and defaults, for showing an answer. */
function sample(schema) {
  const found = resolve(schema);
  if (found.example !== undefined) return found.example;
  if (found.examples && found.examples.length) return found.examples[0];
  if (found.const !== undefined) return found.const;
  if (found.default !== undefined) return found.default;
  if (found.type === "object" || found.properties) {
    return Object.fromEntries(Object.entries(found.properties || {}).map(([name, part]) => [name, sample(part)]));
  }
  if (found.type === "array") return [sample(found.items)];
  return found.enum ? found.enum[0] : { string: "…", integer: 0, number: 0, boolean: false }[found.type] ?? null;
}

function code(text) {
  const copy = element("button", { class: "copy", type: "button", onclick: async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = "copied";
    setTimeout(() => { copy.textContent = "copy"; }, 1200);
  } }, "copy");
  return element("pre", {}, text, copy);
}

function curl(operation, body) {
  const key = operation.security ? ` \\\n  -H 'Authorization: Bearer YOUR_KEY'` : "";
  const data = body ? ` \\\n  -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(body, null, 2).replaceAll("'", "'\\''")}'` : "";
  const method = operation.method === "get" || body ? "" : ` -X ${operation.method.toUpperCase()}`;
  return `curl${method} ${location.origin}${operation.path}${key}${data}`;
}

function requestParts(operation) {
  const content = operation.requestBody?.content?.["application/json"];
  if (!content) return { schema: null, examples: [["", null]] };
  const examples = Object.values(content.examples || {}).map((example) => [example.summary, example.value]);
  return { schema: resolve(content.schema), examples: examples.length ? examples : [["", sample(content.schema)]] };
}

function answers(operation) {
  return Object.entries(operation.responses).map(([status, response]) => {
    const content = Object.values(response.content || {})[0];
    const schema = content?.schema;
    const refusal = Number(status) >= 400;
    const shown = content?.example ?? (schema ? sample(schema) : null);
    return element("details", { open: Number(status) === 200 },
      element("summary", {}, element("span", { class: `status ${refusal ? "bad" : "good"}` }, status), " ", ...inline(response.description || "")),
      shown ? code(JSON.stringify(shown, null, 2)) : null);
  });
}

/** The fields of a good answer; of a list of things, those of one thing. */
function answerFields(operation) {
  const schema = Object.values(operation.responses["200"]?.content || {})[0]?.schema;
  const properties = resolve(schema).properties;
  if (!properties) return null;
  const rows = properties.data?.items ? resolve(properties.data.items).properties : properties;
  return [element("h4", {}, properties.data?.items ? "Answer: each of data" : "Answer"), fields(rows, null)];
}

function tryOut(operation, first) {
  const parameters = (operation.parameters || []).filter((parameter) => parameter.in === "path");
  const inputs = parameters.map((parameter) => element("input", { "aria-label": parameter.name, placeholder: parameter.name }));
  const body = first ? element("textarea", { "aria-label": "Request body", spellcheck: "false" }) : null;
  if (body) body.value = JSON.stringify(first, null, 2);
  const forms = operation.requestBody?.content?.["multipart/form-data"];
  const file = forms ? element("input", { type: "file", "aria-label": "A file in place of the URL" }) : null;
  const outcome = element("div", { "aria-live": "polite" });
  const send = element("button", { type: "button" }, "Send");
  send.addEventListener("click", async () => {
    send.disabled = true;
    const path = parameters.reduce((text, parameter, i) => text.replace(`{${parameter.name}}`, encodeURIComponent(inputs[i].value)), operation.path);
    const headers = { Authorization: `Bearer ${document.getElementById("key").value.trim()}` };
    try {
      const sent = file?.files.length ? form(body.value, file.files[0]) : body?.value;
      if (typeof sent === "string") headers["Content-Type"] = "application/json";
      const answer = await fetch(path, { method: operation.method.toUpperCase(), headers, body: sent });
      outcome.replaceChildren(element("p", { class: `status ${answer.ok ? "good" : "bad"}` }, `${answer.status} ${answer.statusText}`), await shownAnswer(answer));
    } catch (error) {
      outcome.replaceChildren(element("p", { class: "status bad" }, `No answer: ${error.message}`));
    }
    send.disabled = false;
  });
  return element("details", { class: "tryit" }, element("summary", {}, "Try it"), inputs, body, file, send, outcome);
}

/** A form with a file, and beside it what a JSON body says but for the URL that the file stands in for. */
function form(text, file) {
  const parts = new FormData();
  for (const [name, value] of Object.entries(JSON.parse(text || "{}"))) {
    if (name !== "url" && value !== null) parts.append(name, value);
  }
  parts.append("file", file);
  return parts;
}

async function shownAnswer(answer) {
  const type = answer.headers.get("content-type") || "";
  if (type.startsWith("audio/")) return element("audio", { controls: true, src: answer.url });
  if (type.startsWith("image/")) return element("img", { src: answer.url, width: 320, alt: "cover" });
  const text = await answer.text();
  try {
    return code(JSON.stringify(JSON.parse(text), null, 2));
  } catch {
    return code(text);
  }
}

function drawOperation(operation) {
  const { schema, examples } = requestParts(operation);
  const parameters = Object.fromEntries((operation.parameters || []).map((parameter) =>
    [parameter.name, { ...parameter.schema, description: parameter.description }]));
  const shown = element("div", {}, code(curl(operation, examples[0][1])));
  const choice = examples.length > 1 ? element("select", { "aria-label": "Example", onchange: (event) => {
    shown.replaceChildren(code(curl(operation, examples[event.target.value][1])));
  } }, examples.map(([summary], i) => element("option", { value: i }, summary))) : null;
  return element("section", { id: operation.id },
    element("div", { class: "title" }, element("h3", {}, operation.summary),
      element("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()), " ", element("span", { class: "path" }, operation.path)),
    element("div", {}, prose(operation.description),
      Object.keys(parameters).length ? [element("h4", {}, "In the address"), fields(parameters, Object.keys(parameters))] : null,
      schema ? [element("h4", {}, "Body"), fields(schema.properties, schema.required || [])] : null,
      answerFields(operation)),
    element("div", { class: "aside" }, element("h4", {}, "Request"), choice, shown, tryOut(operation, examples[0][1]), element("h4", {}, "Answers"), answers(operation)));
}

function operationsOf(paths) {
  return Object.entries(paths).flatMap(([path, methods]) => METHODS.filter((method) => methods[method])
    .map((method) => ({ ...methods[method], path, method, id: methods[method].operationId })));
}

function draw() {
  const operations = operationsOf(documentation.paths);
  document.getElementById("about").append(
    element("h1", {}, documentation.info.title, element("small", {}, `version ${documentation.info.version}`)), ...prose(documentation.info.description));
  const index = document.getElementById("index");
  for (const tag of new Set(operations.map((operation) => operation.tags[0]))) {
    const group = element("div", {}, element("h2", {}, tag));
    for (const operation of operations.filter((candidate) => candidate.tags[0] === tag)) {
      group.append(element("a", { href: `#${operation.id}`, "data-for": operation.id },
        element("span", { class: `method ${operation.method}` }, operation.method.toUpperCase()), operation.summary));
      document.getElementById("operations").append(drawOperation(operation));
    }
    index.append(group);
  }
}

function search(text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  let found = 0;
  for (const section of document.querySelectorAll("section")) {
    const hit = words.every((word) => section.textContent.toLowerCase().includes(word));
    section.hidden = !hit;
    document.querySelector(`[data-for="${section.id}"]`).hidden = !hit;
    found += hit;
  }
  document.getElementById("nothing").hidden = found > 0;
}

async function start() {
  documentation = await (await fetch("/openapi.json")).json();
  draw();
  const box = document.getElementById("search");
  box.addEventListener("input", () => search(box.value));
  addEventListener("keydown", (event) => {
    if (event.key !== "/" || /INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) return;
    event.preventDefault();
    box.focus();
  });
  const key = document.getElementById("key");
  key.value = sessionStorage.getItem("descant-key") || "";
  key.addEventListener("input", () => sessionStorage.setItem("descant-key", key.value));
  if (location.hash) document.querySelector(location.hash)?.scrollIntoView();
}

start();
