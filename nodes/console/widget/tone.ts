/**
 * Whether a background is dark or light, so that the colours of abnormal states keep their contrast on it.
 * @param channels  red, green and blue, 0–255, as Vuetify's variables hold them: `"22,25,28"`
 */
export function toneOf(channels: string): 'dark' | 'light' {
  const [red, green, blue] = channels.split(',').map((channel) => linear(Number(channel) / 255))
  if (red === undefined || green === undefined || blue === undefined) return 'light'
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.18 ? 'dark' : 'light'
}

const linear = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
