/** A message's text with its entities, as elements. Built from text nodes, so nothing can inject. */

import { dateTimeEntity } from "./dates.js";
import { h, icon } from "./dom.js";

const PLAIN_TAGS = { bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code" };
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const SAFE_LINK = /^(https?|tg|mailto|tel):/i;

/**
 * @typedef {object} TextContext
 * @property {function(): Date} now the sandbox's time
 * @property {string} language of the person
 * @property {function(string): void} onCommand a tapped /command
 * @property {function(string): void} onCopy a tapped code
 * @property {function(string): boolean} onLink true when the page itself has followed the link
 */

/**
 * @param {string} text
 * @param {Array<object>} entities offsets in UTF-16 units, as JavaScript's own strings
 * @param {TextContext} context
 * @returns {DocumentFragment}
 */
export function richText(text, entities, context) {
  const fragment = document.createDocumentFragment();
  const sorted = [...entities].sort((a, b) => a.offset - b.offset || b.length - a.length);
  fill(fragment, { text, from: 0, to: text.length, entities: sorted }, context);
  return fragment;
}

function fill(parent, { text, from, to, entities }, context) {
  let at = from;
  let afterBlock = false;
  const addText = (end) => {
    // A block ends its line by itself; the newline after it would show as an empty line.
    const start = afterBlock && text[at] === "\n" ? at + 1 : at;
    if (end > start) parent.append(text.slice(start, end));
  };
  for (let index = 0; index < entities.length;) {
    const entity = entities[index];
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    let next = index + 1;
    if (end > start) {
      while (next < entities.length && entities[next].offset < end) next += 1;
      addText(start);
      const { element, slot = element } = build(entity, text.slice(start, end), context);
      if (!slot.hasChildNodes()) {
        const inner = entities.slice(index + 1, next);
        fill(slot, { text, from: start, to: end, entities: inner }, context);
      }
      parent.append(element);
      afterBlock = BLOCKS.has(entity.type);
      at = end;
    }
    index = next;
  }
  addText(to);
}

/** The element of one entity; `slot` is where its text goes unless it has been filled already. */
function build(entity, text, context) {
  if (entity.type === "code") return { element: copyable(h("code"), text, context) };
  const tag = PLAIN_TAGS[entity.type];
  if (tag) return { element: h(tag) };
  switch (entity.type) {
    case "pre": return pre(entity, text, context);
    case "text_link": return { element: link(entity.url, context) };
    case "url": return { element: link(/^[a-z]+:/i.test(text) ? text : `https://${text}`, context) };
    case "email": return { element: link(`mailto:${text}`, context) };
    case "phone_number": return { element: link(`tel:${text}`, context) };
    case "mention": return { element: link(`https://t.me/${text.slice(1)}`, context) };
    case "spoiler": return { element: spoiler() };
    case "blockquote": return { element: h("blockquote") };
    case "expandable_blockquote": return expandable();
    case "bot_command": return { element: command(text, context) };
    case "date_time": return { element: dateTime(entity, text, context) };
    default: return { element: h("span") };
  }
}

function copyable(element, text, context) {
  element.title = "Tap to copy";
  element.addEventListener("click", () => context.onCopy(text));
  return element;
}

function pre(entity, text, context) {
  const slot = h("code");
  const copy = h("button", {
    type: "button", class: "copy-code", "aria-label": "Copy code",
    on: { click: () => context.onCopy(text) },
  }, icon("copy"));
  const head = h("span", { class: "pre-head" }, entity.language ?? "", copy);
  return { element: h("pre", {}, head, slot), slot };
}

function link(url, context) {
  if (!SAFE_LINK.test(url)) return h("span");
  const follow = (event) => {
    if (context.onLink(url)) event.preventDefault();
  };
  return h("a", { href: url, target: "_blank", rel: "noopener noreferrer", on: { click: follow } });
}

function spoiler() {
  const hidden = { role: "button", tabindex: 0, "aria-label": "Spoiler, show" };
  const element = h("span", { class: "spoiler", ...hidden });
  const show = (event) => {
    if (event.type === "keydown" && event.key !== "Enter" && event.key !== " ") return;
    if (!element.classList.contains("shown")) event.preventDefault();
    element.classList.add("shown");
    for (const name of Object.keys(hidden)) element.removeAttribute(name);
  };
  element.addEventListener("click", show);
  element.addEventListener("keydown", show);
  return element;
}

function expandable() {
  const slot = h("div", { class: "quote-text" });
  const toggle = h("button", { type: "button", "aria-label": "Show the whole quote", "aria-expanded": "false" }, icon("down"));
  const element = h("blockquote", { class: "expandable" }, slot, toggle);
  toggle.addEventListener("click", () => {
    const open = element.classList.toggle("open");
    toggle.setAttribute("aria-expanded", String(open));
  });
  return { element, slot };
}

function command(text, context) {
  return h("a", {
    href: "#", class: "command-link",
    on: { click: (event) => { event.preventDefault(); context.onCommand(text); } },
  });
}

function dateTime(entity, text, context) {
  const date = new Date(entity.unix_time * 1000);
  const shown = entity.date_time_format
    ? dateTimeEntity(date, entity.date_time_format, { now: context.now(), language: context.language })
    : text;
  return h("time", { class: "date-time", datetime: date.toISOString(), title: text }, shown);
}
