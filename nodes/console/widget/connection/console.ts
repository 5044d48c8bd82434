import { computed, type ComputedRef, inject, type InjectionKey, provide } from 'vue'
import type { Account } from '../account.ts'
import type { Api } from './api.ts'
import type { LiveStore } from './live-store.ts'

/** What every page of the console is connected by. */
export interface Console {
  readonly api: Api
  readonly live: LiveStore
  readonly account: Account
  /** Whether the live stream stands: what comes by it is then of now. */
  readonly isConnected: ComputedRef<boolean>
  /** Whether the user of this page has a right; the server decides again, whatever this says. */
  may(right: string): boolean
}

const key: InjectionKey<Console> = Symbol('console')

export function provideConsole(connections: Pick<Console, 'api' | 'live' | 'account'>): Console {
  const { account, live } = connections
  const provided: Console = {
    ...connections,
    isConnected: computed(() => live.status.value.state === 'connected'),
    may: (right) => account.user.value?.rights?.includes(right) ?? false,
  }
  provide(key, provided)
  return provided
}

export function useConsole(): Console {
  const provided = inject(key)
  if (!provided) throw new Error('this part stands outside the console')
  return provided
}
