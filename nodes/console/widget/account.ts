import { onBeforeUnmount, onMounted, ref, type Ref, watch } from 'vue'
import { type PageSession, sessionOf, type SessionUser } from '../../../platform/wire/session.ts'

export interface Account {
  /** Who is logged in; undefined where nobody is known, as on a Node-RED without users. */
  user: Ref<SessionUser | undefined>
  /** Whether the session is over: nothing comes any more until somebody logs in again. */
  ended: Ref<boolean>
  /** @returns whether the session is over; then this page leads on to `/logout` */
  logOut(): Promise<boolean>
}

/**
 * Follows who is logged in, keeps the session while somebody looks, and tells an end of the session from a server that is away.
 * @param connected   whether the dashboard's socket is open: the server closes it when the session ends
 * @param askAgainMs  while it is not, the server is asked this often whether that is because the session is over
 */
export function followAccount(
  connected: Ref<boolean>,
  session: PageSession = sessionOf(document),
  askAgainMs = 5_000,
): Account {
  const user = ref<SessionUser>()
  const ended = ref(false)
  let stopKeeping: () => void = () => undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let left = false

  const end = (): void => {
    ended.value = true
    stopKeeping()
    clearTimeout(timer)
  }
  const ask = async (): Promise<void> => {
    clearTimeout(timer)
    // Whoever logs out in another tab takes the cookies away from this one too.
    const state = session.isLikely ? await session.ask() : 'ended'
    if (left || ended.value) return
    if (state === 'ended') end()
    else if (state !== 'away') user.value = state.user
    if (!ended.value && !connected.value) timer = setTimeout(() => void ask(), askAgainMs)
  }

  onMounted(() => {
    if (!session.isLikely) return
    void ask()
    stopKeeping = session.keep(end)
    watch(connected, () => {
      if (!ended.value) void ask()
    })
  })
  onBeforeUnmount(() => {
    left = true
    stopKeeping()
    clearTimeout(timer)
  })

  return { user, ended, logOut: () => session.logOut() }
}
