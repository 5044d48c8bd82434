import { onBeforeUnmount, onMounted, ref, type Ref, shallowRef } from 'vue'
import type { FieldOverview } from '../../../platform/wire/overview.ts'
import { RateHistory } from './rate-history.ts'

/** The little of Dashboard's socket.io client that the screen needs. */
export interface DashboardSocket {
  connected: boolean
  on(event: string, listener: () => void): void
  off(event: string, listener: () => void): void
  emit(event: string, ...sent: unknown[]): void
  disconnect(): void
}

export interface ShownMessage {
  payload?: FieldOverview
  sentAt?: number
}

/** Dashboard's own subscription to what its server sends to a widget. */
export type DataTracker = (
  widgetId: string,
  onInput: (message: ShownMessage) => void,
  onLoad: (message: ShownMessage | undefined) => void,
) => void

export interface Live {
  overview: Ref<FieldOverview | undefined>
  /** Age of the overview shown, ms. */
  ageMs: Ref<number>
  /** This page's monotonic clock, ms, moving once a second. */
  now: Ref<number>
  connected: Ref<boolean>
  history: RateHistory
}

/** Kept beyond the component, which Dashboard takes down when the operator looks at another page. */
const histories = new Map<string, RateHistory>()

/** Follows the overview of a widget: the newest message, how old it is, and the last five minutes. */
export function followOverview(widgetId: string, socket: DashboardSocket, track: DataTracker): Live {
  const history = histories.get(widgetId) ?? new RateHistory()
  histories.set(widgetId, history)

  const overview = shallowRef<FieldOverview>()
  const now = ref(performance.now())
  const ageMs = ref(0)
  const connected = ref(socket.connected)
  let fresh = 0

  const tick = (): void => {
    now.value = performance.now()
    ageMs.value = now.value - fresh
    connected.value = socket.connected
  }
  const take = (payload: FieldOverview, ageAtArrival: number): void => {
    overview.value = payload
    fresh = performance.now() - ageAtArrival
    const { readingsPerSecond, quarantined } = payload
    if (ageAtArrival < 2000) history.add({ at: fresh, readingsPerSecond, quarantined })
    tick()
  }

  track(
    widgetId,
    ({ payload }) => payload && take(payload, 0),
    (message) => {
      if (message?.payload) take(message.payload, Math.max(0, Date.now() - (message.sentAt ?? Date.now())))
    },
  )

  let timer: ReturnType<typeof setInterval>
  onMounted(() => {
    timer = setInterval(tick, 1000)
    socket.on('connect', tick)
    socket.on('disconnect', tick)
    socket.emit('widget-load', widgetId)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
    socket.off('connect', tick)
    socket.off('disconnect', tick)
  })

  return { overview, ageMs, now, connected, history }
}
