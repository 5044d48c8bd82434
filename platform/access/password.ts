import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(scrypt)
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 }

/** A hash to keep instead of the password: `$scrypt$<salt>$<key>`, both base64url. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const key = await derive(password, salt, 32, cost)
  return `$scrypt$${salt.toString('base64url')}$${key.toString('base64url')}`
}

let nobodys: Promise<string> | undefined

/** Takes as long for a user that does not exist as for one that does. @param kept hash, or plain password */
export async function passwordFits(password: string, kept: string | undefined): Promise<boolean> {
  nobodys ??= hashPassword(randomBytes(24).toString('base64url'))
  const hash = kept === undefined ? await nobodys : kept.startsWith('$scrypt$') ? kept : await hashPassword(kept)
  const [, , salt, key] = hash.split('$')
  const expected = Buffer.from(key!, 'base64url')
  const derived = await derive(password, Buffer.from(salt!, 'base64url'), expected.length, cost)
  return timingSafeEqual(derived, expected) && kept !== undefined
}
