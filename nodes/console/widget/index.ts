import feedersCss from './feeders.css?inline'
import frameCss from './frame.css?inline'
import panelsCss from './panels.css?inline'
import screensCss from './screens.css?inline'
import commandsCss from './screens/commands/commands.css?inline'
import FieldOverview from './FieldOverview.vue'
import OperatorScreen from './OperatorScreen.vue'

// An adopted sheet, not a <style> element: it stands under a content-security policy without 'unsafe-inline'.
const sheet = new CSSStyleSheet()
sheet.replaceSync(frameCss + panelsCss + feedersCss + screensCss + commandsCss)
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]

// Dashboard looks a component up under the type of its node; the library itself bears the name of the first one.
Object.assign(window, { 'linhaviva-ui-operator-screen': { OperatorScreen } })

export { FieldOverview }
