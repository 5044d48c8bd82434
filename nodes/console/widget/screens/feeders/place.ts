/** What the page shows, as its address has it: links lead to it, and it can be sent to somebody. */
export interface Place {
  readonly feederId: string | undefined
  readonly deviceId: string | undefined
  readonly view: View
}

export const views = ['devices', 'limits', 'events'] as const
export type View = (typeof views)[number]

export function placeOf(search: string): Place {
  const asked = new URLSearchParams(search)
  const view = views.find((one) => one === asked.get('view'))
  return {
    feederId: asked.get('feeder') ?? undefined,
    deviceId: asked.get('device') ?? undefined,
    view: view ?? 'devices',
  }
}

/** The search of an address that leads to a place; empty for what the page shows anyway. */
export function searchOf({ feederId, deviceId, view }: Place): string {
  const asked = new URLSearchParams({
    ...(feederId !== undefined && { feeder: feederId }),
    ...(deviceId !== undefined && { device: deviceId }),
    ...(view !== 'devices' && { view }),
  }).toString()
  return asked === '' ? '' : `?${asked}`
}
