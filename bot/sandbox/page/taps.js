/** Taps under way: a button shows progress until the bot has answered, as Telegram's do. */

import { markBusy } from "./keyboard.js";
import { toast } from "./toast.js";

const UNANSWERED_MS = 30000;

/** The taps of one chat. */
export class Taps {
  #answered = new Set();
  #waiting = new Map();

  /**
   * Marks a button until the tap has been answered.
   * @param {HTMLElement} element the button
   * @param {Promise<{callback_query_id: string}>} sent the request that carries the tap
   */
  async watch(element, sent) {
    markBusy(element, true);
    try {
      const { callback_query_id: id } = await sent;
      // The answer travels by another connection and may be here first.
      if (this.#answered.has(id)) return markBusy(element, false);
      const timer = setTimeout(() => this.#giveUp(id), UNANSWERED_MS);
      this.#waiting.set(id, { element, timer });
    } catch (error) {
      markBusy(element, false);
      toast(error.message);
    }
    return undefined;
  }

  /** @param {string} id of a callback query the bot has answered */
  answered(id) {
    this.#answered.add(id);
    const { element, timer } = this.#waiting.get(id) ?? {};
    clearTimeout(timer);
    if (element) markBusy(element, false);
    this.#waiting.delete(id);
  }

  #giveUp(id) {
    this.answered(id);
    toast("The bot has not answered");
  }
}
