/** Dates, times and amounts as Telegram writes them. */

/** The sandbox's time: what the server said last, and what has passed since. */
export class SandboxTime {
  #offset = 0;

  /** @param {string} now an ISO instant */
  set(now) {
    this.#offset = Date.parse(now) - Date.now();
  }

  /** @returns {Date} */
  now() {
    return new Date(Date.now() + this.#offset);
  }
}

/** @param {Date} date @returns {string} 14:05 */
export function clockTime(date) {
  return date.toLocaleTimeString("en", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** @param {Date} date @returns {string} Mon, 23 November 2026, 14:05 */
export function fullTime(date) {
  const day = date.toLocaleDateString("en-GB", {
    weekday: "short", day: "numeric", month: "long", year: "numeric",
  });
  return `${day}, ${clockTime(date)}`;
}

/** @param {Date} date @returns {string} the local day as a key, 2026-11-23 */
export function dayKey(date) {
  const two = (number) => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/**
 * The label between two days of a chat.
 * @param {Date} date
 * @param {Date} now
 * @returns {string}
 */
export function dayLabel(date, now) {
  const yesterday = new Date(now);
  yesterday.setDate(now.getDate() - 1);
  if (dayKey(date) === dayKey(now)) return "Today";
  if (dayKey(date) === dayKey(yesterday)) return "Yesterday";
  const sameYear = date.getFullYear() === now.getFullYear();
  return date.toLocaleDateString("en", {
    day: "numeric", month: "long", year: sameYear ? undefined : "numeric",
  });
}

const DATE_PARTS = {
  w: { weekday: "long" },
  d: { day: "numeric", month: "numeric", year: "2-digit" },
  D: { day: "numeric", month: "long", year: "numeric" },
  t: { hour: "2-digit", minute: "2-digit" },
  T: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
};

/**
 * The text of a date_time entity: `r` is relative, otherwise letters ask for weekday (w), date
 * (d, D) and time (t, T), short or long.
 * @returns {string}
 */
export function dateTimeEntity(date, format, { now, language }) {
  if (format.startsWith("r")) return relative(date, now, language);
  const options = Object.assign({}, ...Array.from(format, (letter) => DATE_PARTS[letter] ?? {}));
  return date.toLocaleString(language, { ...options, hourCycle: "h23" });
}

function relative(date, now, language) {
  const seconds = (date - now) / 1000;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return format.format(Math.round(seconds / size), unit);
  }
  return format.format(Math.round(seconds), "second");
}

/**
 * An amount in minor units as the person's language writes it: 1234, PLN, pl → 12,34 zł.
 * @returns {string}
 */
export function money(minorUnits, currency, language) {
  if (currency === "XTR") return `⭐ ${minorUnits}`;
  const format = new Intl.NumberFormat(language, { style: "currency", currency });
  return format.format(minorUnits / 10 ** format.resolvedOptions().maximumFractionDigits);
}
