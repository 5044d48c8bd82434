/** A value as an error names it: long enough to recognise it, short enough for a log line. */
export function showValue(value: unknown): string {
  const text = textOf(value)
  return text.length > 80 ? `${text.slice(0, 77)}…` : text
}

/** JSON has no word for `Infinity`, and none for what contains itself. */
function textOf(value: unknown): string {
  if (typeof value === 'number') return String(value)
  try {
    return JSON.stringify(value) ?? String(value)
  } catch {
    return Array.isArray(value) ? 'array that JSON cannot hold' : `${typeof value} that JSON cannot hold`
  }
}
