import feedersCss from './feeders.css?inline'
import frameCss from './frame.css?inline'
import panelsCss from './panels.css?inline'
import FieldOverview from './FieldOverview.vue'

// An adopted sheet, not a <style> element: it stands under a content-security policy without 'unsafe-inline'.
const sheet = new CSSStyleSheet()
sheet.replaceSync(frameCss + panelsCss + feedersCss)
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]

export { FieldOverview }
