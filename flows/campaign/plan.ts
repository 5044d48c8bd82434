import type { CommandType } from '../../platform/wire/command.ts'
import { drawOf, type Draw } from '../../simulator/draw.ts'
import type { Traits } from './counting-device.ts'
import type { Equipment } from './equipment.ts'

const kinds = ['switch', 'meter', 'der'] as const

/**
 * Devices of a campaign: switches, meters and resources in turn; most keep a ledger, some of each kind do not; clocks are set by the
 * network, or wrong by up to twenty seconds.
 */
export function drawDevices(seed: number, count: number): Traits[] {
  const draw = drawOf(seed, 'devices')
  const chance = (share: number): boolean => draw.uniform() < share
  return Array.from({ length: count }, (_, n): Traits => {
    const kind = kinds[n % kinds.length]!
    const ledger = n % 10 < 7
    const clock = chance(0.7)
    const skewMs = Math.round((2 * draw.uniform() - 1) * (clock ? 2_000 : 20_000))
    return {
      deviceId: `${kind}-${String(n + 1).padStart(2, '0')}`,
      ...{ kind, keepsLedger: ledger, skewMs, failing: 0.03, mostActMs: 400 },
      capabilities: {
        ledger,
        clock,
        expiry: chance(ledger ? 0.9 : 0.5),
        select: kind === 'switch' && chance(0.7),
        signature: chance(0.3),
      },
    }
  })
}

/** What somebody wants of a device. */
export interface Wanted {
  readonly type: CommandType
  readonly args: Readonly<Record<string, number | string>>
  readonly expiresInSeconds: number
}

/** Something that makes a difference as the equipment stands, so that its effect can be seen. */
export function drawWanted({ kind, capabilities }: Traits, now: Equipment, draw: Draw): Wanted {
  const soon = capabilities.ledger ? 60 : 15
  const expiresInSeconds = Math.round(soon * (0.5 + draw.uniform()))
  const lot = draw.uniform()
  const of = (type: CommandType, args: Wanted['args'] = {}): Wanted => ({ type, args, expiresInSeconds })
  if (lot < 0.08) return of('read_now')
  if (lot < 0.12) return of('reboot')
  switch (kind) {
    case 'switch':
      if (lot < 0.25) return of(now.recloseBlocked ? 'unblock_reclose' : 'block_reclose')
      if (now.closed) return of(lot < 0.4 ? 'trip' : 'open')
      return of(now.recloseBlocked ? 'close' : 'block_reclose')
    case 'meter':
      return now.connected ? of('disconnect', { reason: 'request' }) : of('connect')
    case 'der':
      return ofResource(now.feedInKw, lot, draw, of)
  }
}

/** What it feeds in changes by 1 kW at least. */
function ofResource(
  kw: number,
  lot: number,
  draw: Draw,
  of: (type: CommandType, args: Wanted['args']) => Wanted,
): Wanted {
  if (kw < 2 || lot < 0.6) return of('set_point', { p_setpoint_kw: -(kw < 5 ? above(kw, draw) : below(kw, draw)) })
  if (lot < 0.8) return of('set_limit', { p_limit_kw: below(kw, draw) })
  return of('curtail', { p_limit_kw: below(kw, draw), duration_s: 900 })
}

const above = (kw: number, draw: Draw): number => tenths(kw + 1 + draw.uniform() * (9 - kw))
const below = (kw: number, draw: Draw): number => tenths((kw - 1) * draw.uniform())
const tenths = (kw: number): number => Math.round(kw * 10) / 10
