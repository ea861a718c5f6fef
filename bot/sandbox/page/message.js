/** One message: its bubble and keyboard, changed in place when the bot edits it. */

import { clockTime, money } from "./dates.js";
import { h, icon } from "./dom.js";
import { invoiceCard, invoiceKeyboard } from "./invoice.js";
import { keyboard } from "./keyboard.js";
import { preview } from "./preview.js";
import { richText } from "./richtext.js";

const EFFECTS = {
  "5046509860389126442": "🎉", "5107584321108051014": "👍", "5159385139981059251": "❤️",
  "5104841245755180586": "🔥", "5104858069142078462": "👎", "5046589136895476101": "💩",
};

/**
 * Shows a message and follows its edits; `element` stays the same node all along.
 */
export class MessageView {
  #context;
  #shown = {};

  /**
   * @param {object} message
   * @param {object} context what the parts need: see Conversation
   */
  constructor(message, context) {
    this.#context = context;
    this.element = h("article", { data: { messageId: message.message_id } });
    this.update(message);
  }

  /** @param {object} message the whole message, new or edited */
  update(message) {
    this.message = message;
    const out = message.from?.id === this.#context.personId;
    const service = Boolean(message.successful_payment);
    const kind = service ? "service" : out ? "out" : "in";
    this.element.classList.remove("in", "out", "service");
    this.element.classList.add("message", kind);
    const { reply_markup: markup, ...content } = message;
    this.#replace("bubble", content, () => (service ? this.#service() : this.#bubble()));
    this.#replace("keyboard", this.#rows(), (rows) => this.#keyboard(rows));
  }

  /** Draws a part again only if what it shows has changed: no flicker, no lost focus. */
  #replace(name, value, draw) {
    const key = JSON.stringify(value);
    if (this.#shown[name]?.key === key) return;
    const old = this.#shown[name]?.element;
    const element = draw(value);
    this.#shown[name] = { key, element };
    if (old && element) replaceKeepingFocus(old, element);
    else if (element) this.element.append(element);
    else old?.remove();
  }

  #rows() {
    const { language, isPaid } = this.#context;
    const { message } = this;
    if (message.invoice) return invoiceKeyboard(message, { language, paid: isPaid(message) });
    return message.reply_markup?.inline_keyboard ?? [];
  }

  #keyboard(rows) {
    if (!rows.length) return null;
    return keyboard(rows, (button, place) => this.#context.onPress(this.message, button, place));
  }

  #service() {
    const { currency, total_amount: amount } = this.message.successful_payment;
    const { language, botName } = this.#context;
    return h("p", {}, "You have just successfully transferred ",
      h("strong", {}, money(amount, currency, language)), " to ", h("strong", {}, botName));
  }

  #bubble() {
    const { message } = this;
    const picture = preview(message.link_preview_options);
    const above = message.link_preview_options?.show_above_text;
    const text = h("div", { class: "text" }, ...this.#body());
    if (picture && !above) text.append(picture);
    text.append(this.#meta());
    const photo = message.photo ? photoOf(message.chat.id, message.photo.at(-1)) : null;
    if (photo && !message.caption) text.classList.add("without-words");
    const bubble = h("div", { class: "bubble" }, this.#sender(), photo, picture && above ? picture : null, text);
    if (message.effect_id && !this.#shown.bubble) bubble.append(effectBurst(message.effect_id));
    return bubble;
  }

  /** Who writes, of somebody else in a group. */
  #sender() {
    const { from, chat } = this.message;
    if (chat?.type === "private" || from?.is_bot || from?.id === this.#context.personId) return null;
    return h("strong", { class: "sender" }, from?.first_name ?? "");
  }

  #body() {
    const { message } = this;
    const parts = [];
    if (message.document) parts.push(documentCard(message.chat.id, message.document));
    if (message.invoice) parts.push(invoiceCard(message.invoice, this.#context.language));
    const text = message.text ?? message.caption ?? "";
    const entities = message.entities ?? message.caption_entities ?? [];
    parts.push(richText(text, entities, this.#context));
    return parts;
  }

  #meta() {
    const { message } = this;
    const date = new Date(message.date * 1000);
    const out = message.from?.id === this.#context.personId;
    return h("span", { class: "meta" },
      EFFECTS[message.effect_id] ?? null,
      message.edit_date ? h("span", { class: "edited" }, "edited") : null,
      h("time", { datetime: date.toISOString() }, clockTime(date)),
      out ? icon("sent") : null);
  }
}

function replaceKeepingFocus(old, element) {
  const { row, column } = old.contains(document.activeElement) ? document.activeElement.dataset : {};
  old.replaceWith(element);
  if (row === undefined) return;
  const same = element.querySelector(`[data-row="${row}"][data-column="${column}"]`);
  (same ?? element.querySelector("button"))?.focus({ preventScroll: true });
}

/** A photo: what the sandbox has kept of it, or the place it is at, with room made before it is. */
function photoOf(chatId, photo) {
  const src = `/sandbox/chats/${chatId}/photos/${encodeURIComponent(photo.file_id)}`;
  const { width, height } = photo;
  const image = h("img", { class: "photo", src, width, height, alt: "Photo", referrerpolicy: "no-referrer" });
  image.addEventListener("error", () => image.replaceWith(h("div", { class: "photo board" }, "🖼")));
  return image;
}

/** A file: its name leads to what the sandbox has kept of it. */
function documentCard(chatId, file) {
  const size = file.file_size ? `${Math.max(1, Math.round(file.file_size / 1024))} KB` : "";
  const href = `/sandbox/chats/${chatId}/files/${encodeURIComponent(file.file_id)}`;
  const name = file.file_name ?? "file";
  return h("a", { class: "document", href, download: name, "aria-label": `Download ${name}` },
    h("span", { class: "document-icon" }, icon("file")),
    h("span", {}, h("strong", {}, name), h("small", {}, size)));
}

function effectBurst(effectId) {
  return h("span", { class: "effect", "aria-hidden": "true" }, EFFECTS[effectId] ?? "✨");
}
