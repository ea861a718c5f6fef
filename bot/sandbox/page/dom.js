/** Building and finding elements. Text only ever becomes text nodes: nothing here parses HTML. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Makes an element.
 * @param {string} tag
 * @param {Object<string, any>} props attributes; `on` holds listeners, `data` dataset entries;
 *   null, undefined and false leave an attribute out.
 * @param {...(Node|string|null)} children
 * @returns {HTMLElement}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
    } else if (name === "data") {
      Object.assign(element.dataset, value);
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * One of the icons drawn in index.html.
 * @param {string} name
 * @param {string} [extra] more classes
 * @returns {SVGElement}
 */
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#${name}`);
  svg.append(use);
  return svg;
}

/**
 * The one element that the selector names.
 * @param {string} selector
 * @returns {HTMLElement}
 */
export function find(selector) {
  const element = document.querySelector(selector);
  if (!element) throw new Error(`no element ${selector}`);
  return element;
}

/**
 * A round picture with initials, coloured as Telegram does: by id.
 * @param {HTMLElement} element
 * @param {string} name
 * @param {number} id
 */
export function paintAvatar(element, name, id) {
  const words = name.trim().split(/\s+/u);
  element.textContent = words.slice(0, 2).map((word) => Array.from(word)[0] ?? "").join("");
  element.dataset.colour = String(Math.abs(id) % 7);
}
