/** A `timestamptz` column, in SQL, as the instant that it is everywhere else: UTC milliseconds, or null. */
export const milliseconds = (column: string): string => `round(extract(epoch from ${column})::float8 * 1000)`
