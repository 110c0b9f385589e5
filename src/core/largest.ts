/** Keeps the n items with the highest scores of those shown to it. */
export class Largest<T extends { readonly score: number }> {
  /** What a score must reach to be worth showing. */
  floor = Number.NEGATIVE_INFINITY;
  private kept: T[] = [];

  /** `compare` orders items, higher scores first; equal items stay in the order in which they came. */
  constructor(
    private readonly n: number,
    private readonly compare: (x: T, y: T) => number,
  ) {}

  add(item: T): void {
    if (item.score < this.floor) return;
    this.kept.push(item);
    if (this.kept.length >= 2 * this.n + 1024) this.cut();
  }

  /** The n items, the highest score first. */
  sorted(): readonly T[] {
    this.cut();
    return this.kept;
  }

  private cut(): void {
    this.kept.sort(this.compare);
    this.kept = this.kept.slice(0, this.n);
    if (this.kept.length === this.n) this.floor = this.kept[this.n - 1].score;
  }
}
