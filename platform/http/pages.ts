import { Type, type Static, type TObject, type TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { unstorable } from './unstorable.ts'
import { badField } from './problem.ts'

/** A part of a list, and where the next one begins; null at the end. */
export interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

/** Schema of a page of these. */
export const pageOf = <T extends TSchema>(item: T) =>
  Type.Object({
    items: Type.Array(item),
    nextCursor: Type.Union([Type.String(), Type.Null()], {
      description: 'To be given as `cursor` for what follows; null when nothing does',
    }),
  })

/** Query parameters of every list that comes in pages; `limit` items at most, with this default. */
export const pageQuery = (limit = 100, maximum = 1_000) => ({
  cursor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: '`nextCursor` of the page before; the first page without it',
    }),
  ),
  limit: Type.Integer({ minimum: 1, maximum, default: limit, description: 'Items a page, at most' }),
})

/** An instant as a part of a key: UTC ms, of the years 1 to 9999, which databases and calendars know. */
export const instantKey = Type.Integer({ minimum: -62_135_596_800_000, maximum: 253_402_300_799_999 })

/** A number that a sequence of the database has given, as a part of a key. */
export const serialKey = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })

/** A count, or a place in a row of things, as a part of a key: an `integer` of the database. */
export const integerKey = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })

/**
 * Cursors of a list in the order of a key: a cursor holds the key of the last item seen, so that pages neither skip nor
 * repeat when rows come and go. It is opaque to callers, and checked when it comes back: whatever it says, it is no more
 * than a parameter of a query.
 */
export class Keyset<K extends TObject> {
  #key: K

  constructor(key: K) {
    this.#key = key
  }

  /** The key that a cursor holds; undefined for the first page. @throws Problem 400 for one that is none of ours */
  after(cursor: string | undefined): Static<K> | undefined {
    if (cursor === undefined) return undefined
    const key = parsed(Buffer.from(cursor, 'base64url').toString())
    if (!Value.Check(this.#key, key) || unstorable(key))
      throw badField('query.cursor', cursor, 'must be the nextCursor of a page of this list')
    return key
  }

  /**
   * A page of rows that were asked for with one more than the limit.
   * @param keyOf  the key of an item: exactly the fields of this keyset
   */
  page<T>(rows: readonly T[], limit: number, keyOf: (row: T) => Static<K>): Page<T> {
    const items = rows.slice(0, limit)
    const last = items.at(-1)
    return {
      items,
      nextCursor: rows.length > limit && last !== undefined ? this.cursorOf(keyOf(last)) : null,
    }
  }

  cursorOf(key: Static<K>): string {
    return Buffer.from(JSON.stringify(key)).toString('base64url')
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
