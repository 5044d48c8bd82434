import type { ScreenName } from '../../screens.ts'

/** Where a page of the console is, with what it is to show there. */
export function pathOf(name: ScreenName, search: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams(search).toString()
  return `/dashboard/${name}${query === '' ? '' : `?${query}`}`
}
