/** Where a person writes: the text, the command menu, and the one button that replaces both. */

import { find, h } from "./dom.js";

const COMMAND_START = /^\/\w*$/;

/** The bottom of the chat. */
export class Composer {
  #form = find(".composer .write");
  #area = find(".composer textarea");
  #menu = find(".menu-button");
  #start = find(".composer .start");
  #list = find("#suggestions");
  #commands = [];
  #active = 0;
  #menuOpen = false;
  #onSend;
  #onStart = () => {};

  /** @param {function(string): void} onSend */
  constructor(onSend) {
    this.#onSend = onSend;
    this.#form.addEventListener("submit", (event) => { event.preventDefault(); this.#submit(); });
    this.#area.addEventListener("input", () => { this.#menuOpen = false; this.#changed(); });
    this.#area.addEventListener("keydown", (event) => this.#key(event));
    this.#menu.addEventListener("click", () => this.#toggleMenu());
    this.#start.addEventListener("click", () => this.#onStart());
    document.addEventListener("pointerdown", (event) => {
      if (!event.target.closest(".composer")) this.#closeMenu();
    });
  }

  /** @param {Array<{command: string, description: string}>} commands */
  setCommands(commands) {
    this.#commands = commands;
    this.#menu.hidden = commands.length === 0;
    this.#changed();
  }

  /** Empties the field, as when another person takes over. */
  clear() {
    this.#area.value = "";
    this.#menuOpen = false;
    this.#changed();
  }

  /** Puts the cursor into the field where there is a keyboard to type on. */
  focus() {
    if (matchMedia("(hover: hover)").matches) this.#area.focus({ preventScroll: true });
  }

  /**
   * Replaces the field by one large button (Start, Unblock), or gives the field back.
   * @param {?{label: string, onPress: function(): void}} button
   */
  setButton(button) {
    const had = document.activeElement === this.#start;
    this.#form.hidden = Boolean(button);
    this.#start.hidden = !button;
    this.#start.textContent = button?.label ?? "";
    this.#onStart = button?.onPress ?? (() => {});
    this.#changed();
    if (had && !button) this.focus();
  }

  get #matching() {
    const typed = this.#area.value;
    if (this.#menuOpen) return this.#commands;
    if (!COMMAND_START.test(typed)) return [];
    return this.#commands.filter(({ command }) => `/${command}`.startsWith(typed.toLowerCase()));
  }

  #changed() {
    this.#form.classList.toggle("has-text", this.#area.value.trim() !== "");
    this.#active = 0;
    this.#list.replaceChildren(...this.#matching.map((entry, index) => this.#option(entry, index)));
    this.#list.hidden = this.#form.hidden || !this.#list.hasChildNodes();
    this.#menu.setAttribute("aria-expanded", String(this.#menuOpen));
    this.#highlight();
  }

  #option({ command, description }, index) {
    return h("button", {
      type: "button", class: "suggestion", role: "option", id: `suggestion-${index}`, tabindex: -1,
      on: { click: () => this.#send(`/${command}`) },
    }, h("strong", {}, `/${command}`), h("span", {}, description));
  }

  #highlight() {
    [...this.#list.children].forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this.#active));
      if (index === this.#active) option.scrollIntoView({ block: "nearest" });
    });
    const open = !this.#list.hidden;
    this.#area.setAttribute("aria-activedescendant", open ? `suggestion-${this.#active}` : "");
  }

  #key(event) {
    if (event.isComposing) return;
    if (!this.#list.hidden && this.#keyInList(event)) return event.preventDefault();
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this.#submit();
    }
    return undefined;
  }

  /** @returns {boolean} whether the key was for the list of commands */
  #keyInList({ key }) {
    const options = this.#list.children;
    const step = { ArrowDown: 1, ArrowUp: options.length - 1 }[key];
    if (step) {
      this.#active = (this.#active + step) % options.length;
      this.#highlight();
    } else if (key === "Enter") {
      options[this.#active].click();
    } else if (key === "Tab") {
      this.#area.value = `${options[this.#active].querySelector("strong").textContent} `;
      this.#menuOpen = false;
      this.#changed();
    } else if (key === "Escape") {
      this.#menuOpen = false;
      this.#list.hidden = true;
      this.#menu.setAttribute("aria-expanded", "false");
    } else {
      return false;
    }
    return true;
  }

  #toggleMenu() {
    this.#menuOpen = !this.#menuOpen;
    this.#changed();
    if (this.#menuOpen) this.#area.focus({ preventScroll: true });
  }

  #closeMenu() {
    if (!this.#menuOpen) return;
    this.#menuOpen = false;
    this.#changed();
  }

  #submit() {
    const text = this.#area.value.trim();
    if (text) this.#send(text);
  }

  #send(text) {
    this.clear();
    this.focus();
    this.#onSend(text);
  }
}
