import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { compare } from 'bcryptjs'
import { Turns } from './turns.ts'

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/** Each takes 32 MB and a thread of the four that files and names need too. */
const turns = new Turns(2, 64)

/** A hash to keep instead of the password: `$scrypt$<salt>$<key>`, both base64url. @throws TooBusy */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await turns.take(() => derive(password, salt, 32, cost))
  return `$scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`
}

/** Whether a hash is of the form that we make ourselves. */
export const isOwnHash = (hash: string): boolean => hash.startsWith('$scrypt$')

/** The cost of a bcrypt hash; 0: it is none. */
export const bcryptCostOf = (hash: string): number => Number(/^\$2[aby]\$(\d\d)\$/.exec(hash)?.[1] ?? 0)

/** Hashes that no password has. */
const nobodysScrypt = `$scrypt$${randomBytes(16).toString('base64url')}$${randomBytes(32).toString('base64url')}`
const nobodysBcrypt = (cost: number): string => `$2b$${String(cost).padStart(2, '0')}$${'.'.repeat(53)}`

/**
 * Whether a password is the one of this hash. Takes as long for a user that does not exist as for one that does, and where
 * some users have a hash of bcrypt, as long for those who have not.
 * @param kept        hash; undefined: of nobody
 * @param bcryptCost  the highest cost of bcrypt hashes in use; 0: there are none
 * @throws TooBusy when too many wait already
 */
export async function passwordFits(password: string, kept: string | undefined, bcryptCost = 0): Promise<boolean> {
  const own = kept !== undefined && isOwnHash(kept)
  return turns.take(async () => {
    const fitsOwn = await fitsScrypt(password, own ? kept : nobodysScrypt)
    if (bcryptCost === 0 && (kept === undefined || own)) return fitsOwn && own
    const fitsBcrypt = await compare(password, kept === undefined || own ? nobodysBcrypt(bcryptCost) : kept)
    return own ? fitsOwn : kept !== undefined && fitsBcrypt
  })
}

async function fitsScrypt(password: string, hash: string): Promise<boolean> {
  const [, , salt, key] = hash.split('$')
  const expected = Buffer.from(key!, 'base64url')
  const derived = await derive(password, Buffer.from(salt!, 'base64url'), expected.length, cost)
  return timingSafeEqual(derived, expected)
}
