import { pbkdf2Sync, timingSafeEqual } from 'node:crypto'

/**
 * As many as mosquitto takes by default. The passwords are 192 random bits, which no number of iterations would make
 * harder to guess; and the broker computes one for every device that connects, all at once after an outage.
 */
const iterations = 101
const saltBytes = 12
const keyBytes = 64
const shape = /^\$7\$(\d{1,7})\$([A-Za-z0-9+/]+={0,2})\$([A-Za-z0-9+/]+={0,2})$/

/** A password as mosquitto keeps it in its password file: PBKDF2 with SHA-512, `$7$<iterations>$<salt>$<key>`. */
export function hashPassword(password: string, salt: Buffer): string {
  if (salt.length < saltBytes) throw new RangeError(`a salt takes ${saltBytes} bytes, got ${salt.length}`)
  const key = pbkdf2Sync(password, salt, iterations, keyBytes, 'sha512')
  return `$7$${iterations}$${salt.toString('base64')}$${key.toString('base64')}`
}

/** Whether a text is such a hash. */
export const isPasswordHash = (text: string): boolean => shape.test(text)

/** Whether a password is the one that was hashed, in a time that does not tell how much of it is right. */
export function isPassword(password: string, hash: string): boolean {
  const [, rounds, salt, key] = shape.exec(hash) ?? []
  if (rounds === undefined || salt === undefined || key === undefined) return false
  const wanted = Buffer.from(key, 'base64')
  const found = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Math.max(1, Number(rounds)), wanted.length, 'sha512')
  return timingSafeEqual(found, wanted)
}
