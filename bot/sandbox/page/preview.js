/** The link preview of a message: the picture behind its address, or what stands for it. */

import { h } from "./dom.js";

/**
 * The sandbox loads nothing from other machines, so a picture from elsewhere becomes a coloured
 * board with its name, and any other address a card that names the site.
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
  const above = options.show_above_text;
  const link = h("a", {
    class: above ? "preview above" : "preview",
    href: url.href, target: "_blank", rel: "noopener noreferrer", "aria-label": `Link to ${url.host}`,
  });
  const picture = h("img", { src: url.href, alt: "", referrerpolicy: "no-referrer" });
  picture.addEventListener("error", () => {
    const name = above ? url.pathname.split("/").pop() : url.pathname;
    link.classList.add(above ? "board" : "card");
    link.replaceChildren(h("strong", {}, url.host), h("span", {}, name));
  });
  link.append(picture);
  return link;
}
