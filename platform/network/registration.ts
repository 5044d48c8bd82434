import type { ReadingKind } from '../wire/reading.ts'

/** `active`: readings are stored. `pending`: they wait in quarantine for approval. `rejected`: they stay there. */
export type RegistrationStatus = 'active' | 'pending' | 'rejected'

/** What Linha Viva knows of a device; never changed by what the device says of itself later. */
export interface Registration {
  /** Short number that stands for the device in the series tables. */
  deviceKey: number
  deviceId: string
  /** Unset for a device known only by its events or presence. */
  kind?: ReadingKind
  /** pv, battery, ev … for a DER. */
  derType?: string
  status: RegistrationStatus
  feederId?: string
  siteId?: string
  location?: string
  nominalVoltageV?: number
}

/** What a device says of itself in its first message; the registry decides what to believe. */
export interface Claim {
  deviceId: string
  kind?: ReadingKind
  derType?: string
  siteId?: string
  feederId?: string
  parentFeederId?: string
  pMaxKw?: number
  priority?: number
  isPhysical?: boolean
  location?: string
}
