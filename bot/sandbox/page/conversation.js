/** One person's chat with the bot: events from the server in, what the person does out. */

import { personApi } from "./api.js";
import { showAlert } from "./dialogs.js";
import { paintAvatar, find, h } from "./dom.js";
import { openPayment } from "./invoice.js";
import { Taps } from "./taps.js";
import { copy, toast } from "./toast.js";

const TYPING_MS = 5000;

/** Opened for a person, closed when another takes over. */
export class Conversation {
  #person;
  #views;
  #api;
  #bot = { first_name: "", description: "" };
  #blocked = false;
  #startCode;
  #loaded = false;
  #taps = new Taps();
  #paid = new Set();
  #asked = new Set();
  #typing;
  #stop;
  #closed = false;

  /**
   * @param {object} person
   * @param {{log: object, composer: object, time: object}} views
   * @param {string|null} startCode of a deep link, sent by the Start button
   */
  constructor(person, views, startCode) {
    this.#person = person;
    this.#views = views;
    this.#startCode = startCode;
    this.#api = personApi(person.id, person.chat);
    views.log.open(this.#context());
    views.composer.clear();
    this.#status("connecting…");
    this.#stop = this.#api.listen(this.#listeners(), (open) => this.#status(open ? null : "connecting…"));
  }

  /** Stops listening. */
  close() {
    this.#closed = true;
    this.#stop();
    clearTimeout(this.#typing);
  }

  /** @param {string} text what the person writes */
  send(text) {
    const question = this.#question();
    this.#asked.delete(question);
    this.#do(this.#api.send(text, question));
  }

  /** The newest question to this person in a group: what they write next is a reply to it. */
  #question() {
    return this.#person.chat ? [...this.#asked].at(-1) : undefined;
  }

  /** Blocks the bot, or lets it write again. */
  toggleBlock() {
    const blocked = !this.#blocked;
    return this.#do((blocked ? this.#api.block() : this.#api.unblock()).then(() => this.#setBlocked(blocked)));
  }

  #context() {
    const conversation = this;
    return {
      personId: this.#person.id,
      language: this.#person.language_code || "en",
      get botName() { return conversation.#bot.first_name; },
      now: () => this.#views.time.now(),
      isPaid: (message) => this.#paid.has(message.message_id),
      onCommand: (text) => this.send(text),
      onCopy: copy,
      onLink: (url) => this.#followed(url),
      onPress: (message, button, place) => this.#press(message, button, place),
    };
  }

  #listeners() {
    const { log, composer, time } = this.#views;
    return {
      snapshot: (chat) => this.#show(chat),
      message: (message) => this.#message(message),
      deleted: ({ message_id: id }) => this.#deleted(id),
      toast: (answer) => this.#answer(answer),
      commands: (commands) => composer.setCommands(commands),
      clock: ({ now }) => { time.set(now); this.#views.onClock(); },
      payment: ({ message_id: id, state }) => this.#payment(id, state),
      typing: () => this.#showTyping(),
    };
  }

  #show({ messages, commands, bot, now, blocked, title, paid = [] }) {
    this.#bot = bot;
    this.#views.time.set(now);
    paintAvatar(find(".bot-avatar"), bot.first_name, bot.id);
    find(".chat .title h2").textContent = title || bot.first_name;
    document.title = `${this.#person.first_name} · ${title || bot.first_name}`;
    this.#paid = new Set(paid);
    this.#views.log.replaceAll(messages);
    this.#views.log.refresh();
    this.#views.composer.setCommands(commands);
    this.#loaded = true;
    this.#setBlocked(blocked);
    this.#views.onClock();
  }

  #message(message) {
    this.#showTyping(false);
    this.#views.log.upsert(message);
    const users = (message.entities ?? []).map((entity) => entity.user?.id);
    if (message.from?.is_bot && users.includes(this.#person.id)) this.#asked.add(message.message_id);
    this.#chooseButton();
  }

  #deleted(id) {
    this.#asked.delete(id);
    this.#views.log.remove(id);
    this.#chooseButton();
  }

  #payment(messageId, state) {
    if (state !== "paid") return;
    this.#paid.add(messageId);
    this.#views.log.refresh();
  }

  #press(message, button, { row, column, element }) {
    if (button.pay) return this.#checkout(message);
    if (button.copy_text) return copy(button.copy_text.text);
    if (button.url) {
      if (!this.#followed(button.url)) window.open(button.url, "_blank", "noopener,noreferrer");
      return undefined;
    }
    return this.#taps.watch(element, this.#api.tap(message.message_id, row, column));
  }

  #answer({ text, show_alert: alert, callback_query_id: id, user_id: user }) {
    if (user !== this.#person.id) return;
    this.#taps.answered(id);
    if (alert && text) showAlert(this.#bot.first_name, text);
    else toast(text);
  }

  #checkout(message) {
    const paid = this.#paid.has(message.message_id);
    const about = { language: this.#person.language_code || "en", botName: this.#bot.first_name, paid };
    openPayment(message, about, async (outcome) => {
      const result = await this.#api.pay(message.message_id, outcome);
      this.#payment(message.message_id, result.state);
      return result;
    });
  }

  /** A link to this bot with a start code is followed here, as Telegram would. */
  #followed(url) {
    const link = new URL(url, location.href);
    const here = link.host === "t.me" && link.pathname.slice(1) === this.#bot.username;
    if (!here) return false;
    if (link.searchParams.has("start")) this.send(`/start ${link.searchParams.get("start")}`.trim());
    return true;
  }

  #setBlocked(blocked) {
    if (this.#closed) return;
    this.#blocked = blocked;
    find(".block span").textContent = blocked ? "Unblock bot" : "Block bot";
    this.#chooseButton();
  }

  #chooseButton() {
    const { composer, log } = this.#views;
    const empty = log.size === 0 && !this.#person.chat;
    find(".log").classList.toggle("empty", empty && this.#loaded);
    this.#describe(empty && this.#loaded);
    if (this.#blocked) {
      composer.setButton({ label: "Unblock", onPress: () => this.toggleBlock() });
    } else if ((empty && this.#loaded) || this.#startCode) {
      composer.setButton({ label: "Start", onPress: () => this.#start() });
    } else {
      composer.setButton(null);
    }
  }

  #start() {
    const text = this.#startCode ? `/start ${this.#startCode}` : "/start";
    this.#startCode = null;
    history.replaceState(null, "", `#${this.#person.id}`);
    this.send(text);
  }

  #describe(show) {
    const old = find(".log").querySelector(".about");
    old?.remove();
    if (!show || !this.#bot.description) return;
    find(".log").append(h("div", { class: "about" },
      h("h3", {}, "What can this bot do?"), h("p", {}, this.#bot.description)));
  }

  #showTyping(on = true) {
    clearTimeout(this.#typing);
    this.#status(on ? "typing…" : null);
    if (on) this.#typing = setTimeout(() => this.#status(null), TYPING_MS);
  }

  #status(text) {
    const line = find(".chat .status");
    line.textContent = text ?? "bot · nothing is real";
    line.classList.toggle("active", text !== null);
  }

  async #do(promise) {
    try {
      await promise;
    } catch (error) {
      toast(error.message);
    }
  }
}
