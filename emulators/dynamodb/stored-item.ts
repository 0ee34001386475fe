/** An item as it lies in the store: its sizes, and its JSON text ready to be put into an answer. */
import { type Item, pick } from './values/attribute-value.ts';
import { type ItemSizes, itemSizes, pageSize } from './values/item-size.ts';

/** Measured against msgpack: reading and parsing is faster, and most answers need no parsing at all. */
export class StoredItem {
  readonly json: string;
  /** Bytes, as the 400 KB limit and capacity count them. */
  readonly size: number;
  /** Bytes, as the 1 MB page counts them. */
  readonly pageSize: number;
  #item: Item | undefined;

  private constructor(json: string, size: number, page: number, item?: Item) {
    this.json = json;
    this.size = size;
    this.pageSize = page;
    this.#item = item;
  }

  /** `sizes`: the item's, where it has been measured. */
  static of(item: Item, rangeKey: string | undefined, sizes: ItemSizes = itemSizes(item)): StoredItem {
    return new StoredItem(JSON.stringify(item), sizes.size, pageSize(item, sizes, rangeKey), item);
  }

  /** Of an item that has been checked and measured. */
  static written(json: string, size: number, page: number): StoredItem {
    return new StoredItem(json, size, page);
  }

  /** Reads what `text` wrote. */
  static read(text: string): StoredItem {
    const first = text.indexOf(',');
    const second = text.indexOf(',', first + 1);
    return new StoredItem(
      text.slice(second + 1),
      Number(text.slice(0, first)),
      Number(text.slice(first + 1, second)),
    );
  }

  get text(): string {
    return `${this.size},${this.pageSize},${this.json}`;
  }

  get item(): Item {
    this.#item ??= JSON.parse(this.json) as Item;
    return this.#item;
  }

  /** The entry of an index that holds `names` only; all of the item when undefined. */
  projected(names: ReadonlySet<string> | undefined, rangeKey: string | undefined): StoredItem {
    return StoredItem.of(names ? pick(this.item, names) : this.item, rangeKey);
  }
}
