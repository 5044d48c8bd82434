/**
 * Whether nothing that is sent to a host leaves this machine.
 * @param host  name or address, an IPv6 one with or without the brackets that it has in URLs
 */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || /^(::1|\[::1\]|(::ffff:)?127(\.\d{1,3}){3})$/.test(host)
