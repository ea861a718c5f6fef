/** A list whose rows stay the same nodes while what they show is the same. */

/** Rows by id; one that has changed since it was shown is marked for a moment. */
export class Rows {
  #container;
  #draw;
  #shown = new Map();
  #fresh = true;

  /**
   * @param {HTMLElement} container
   * @param {function(object): HTMLElement} draw makes the element of a row
   */
  constructor(container, draw) {
    this.#container = container;
    this.#draw = draw;
  }

  /** Forgets all rows; those that come next are not marked. */
  clear() {
    this.#shown.clear();
    this.#container.replaceChildren();
    this.#fresh = true;
  }

  /** @param {Array<{id: number}>} rows what to show, in order */
  update(rows) {
    const kept = new Map();
    for (const row of rows) kept.set(row.id, this.#element(row));
    this.#shown = kept;
    this.#fresh = false;
    this.#place([...kept.values()].map(({ element }) => element));
  }

  #element(row) {
    const text = JSON.stringify(row);
    const known = this.#shown.get(row.id);
    if (known?.text === text) return known;
    const element = this.#draw(row);
    if (!this.#fresh) element.classList.add("changed");
    return { text, element };
  }

  /** Moves only what is not in its place: a moved node would lose its focus. */
  #place(elements) {
    const wanted = new Set(elements);
    for (const element of [...this.#container.children]) if (!wanted.has(element)) element.remove();
    elements.forEach((element, place) => {
      const there = this.#container.children[place];
      if (there !== element) this.#container.insertBefore(element, there ?? null);
    });
  }
}
