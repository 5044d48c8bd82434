const cookie = 'lv_sound'
const aYearSeconds = 31_536_000

/** Whether somebody has muted the alarms in this browser. @param cookies  `document.cookie` */
export const rememberedMute = (cookies: string): boolean => new RegExp(`(?:^|;\\s*)${cookie}=off(?:;|$)`).test(cookies)

/** @returns what to set `document.cookie` to */
export const rememberingMute = (isMuted: boolean): string =>
  `${cookie}=${isMuted ? 'off' : 'on'}; Path=/; Max-Age=${aYearSeconds}; SameSite=Lax`
