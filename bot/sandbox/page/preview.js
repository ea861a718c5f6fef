/** The link preview of a message: the picture behind its address, or a card that names the site. */

import { h } from "./dom.js";

/**
 * @param {object|undefined} options link_preview_options of a message
 * @returns {HTMLElement|null}
 */
export function preview(options) {
  if (!options?.url || options.is_disabled) return null;
  let url;
  try {
    url = new URL(options.url, location.href);
  } catch {
    return null;
  }
  const link = h("a", {
    class: options.show_above_text ? "preview above" : "preview",
    href: url.href, target: "_blank", rel: "noopener noreferrer", "aria-label": `Link to ${url.host}`,
  });
  const picture = h("img", { src: url.href, alt: "", referrerpolicy: "no-referrer" });
  // Most addresses are pages, not pictures: those get the card Telegram draws for a page.
  picture.addEventListener("error", () => {
    link.classList.add("card");
    link.replaceChildren(h("strong", {}, url.host), h("span", {}, url.pathname));
  });
  link.append(picture);
  return link;
}
