import type { Shelves } from '../../nodes/telemetry/place-items.ts'
import { keyOf } from '../../nodes/telemetry/repository.ts'
import type { FieldEvent } from '../../platform/wire/reading.ts'

/** Stands for the tables of readings and events: remembers what it was given, for as long as a trial takes. */
export function memoryShelves(): Shelves {
  const readings = new Map<string, Record<string, unknown>>()
  const events = new Map<string, FieldEvent>()
  return {
    async insertReadings(kind, rows) {
      return addNew(readings, rows, ({ deviceKey, item }) => [
        keyOf(deviceKey, item.at),
        `${kind}/${keyOf(deviceKey, item.at)}`,
        { ...item.values, ...item.labels },
      ])
    },
    async storedReadings(kind, rows) {
      const keys = rows.map(({ deviceKey, item }) => keyOf(deviceKey, item.at))
      return new Map(
        keys.flatMap((key) => (readings.has(`${kind}/${key}`) ? [[key, readings.get(`${kind}/${key}`)!]] : [])),
      )
    },
    async insertEvents(rows) {
      return addNew(events, rows, ({ deviceKey, item }) => {
        const key = keyOf(deviceKey, item.eventId)
        return [key, key, item]
      })
    },
    async storedEvents(rows) {
      const keys = rows.map(({ deviceKey, item }) => keyOf(deviceKey, item.eventId))
      return new Map(keys.flatMap((key) => (events.has(key) ? [[key, events.get(key)!]] : [])))
    },
    upsertPresences: async () => undefined,
  }
}

/** Puts away what has no place yet. @returns the keys of those */
function addNew<Row, Kept>(
  shelf: Map<string, Kept>,
  rows: Row[],
  read: (row: Row) => [key: string, place: string, kept: Kept],
): Set<string> {
  const fresh = new Set<string>()
  for (const row of rows) {
    const [key, place, kept] = read(row)
    if (shelf.has(place)) continue
    shelf.set(place, kept)
    fresh.add(key)
  }
  return fresh
}
