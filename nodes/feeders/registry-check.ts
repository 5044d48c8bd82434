import { platformClock } from '../../platform/clock/clock.ts'
import { provideRegistryCheck, type RegistryCheck } from '../../platform/network/registry-check.ts'
import { environment } from '../../platform/runtime/environment.ts'
import { feederStrains } from './limits/configuration-check.ts'

/** Whether feeders can carry what their devices do when these hear nothing. */
const feedersCarryFallbacks: RegistryCheck = (queries) => {
  const { FEEDER_DEFAULT_LIMIT_KW, CONTROL_GLOBAL_KW_LIMIT } = environment()
  const settings = {
    defaultLimitKw: FEEDER_DEFAULT_LIMIT_KW ?? null,
    globalLimitKw: CONTROL_GLOBAL_KW_LIMIT ?? null,
  }
  return feederStrains(queries, platformClock.now(), settings, { withTemporary: false })
}

/** What this area has to say of changes of the registry. */
export default function provide(): void {
  provideRegistryCheck(feedersCarryFallbacks)
}
