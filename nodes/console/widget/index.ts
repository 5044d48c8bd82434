import feedersCss from './feeders.css?inline'
import frameCss from './frame.css?inline'
import panelsCss from './panels.css?inline'
import screensCss from './screens.css?inline'
import overviewCss from './screens/overview/overview.css?inline'
import systemCss from './screens/system/system.css?inline'
import FieldOverview from './FieldOverview.vue'
import OperatorScreen from './OperatorScreen.vue'

/** Of each page its own. */
const pagesCss = [overviewCss, systemCss]

// An adopted sheet, not a <style> element: it stands under a content-security policy without 'unsafe-inline'.
const sheet = new CSSStyleSheet()
sheet.replaceSync([frameCss, panelsCss, feedersCss, screensCss, ...pagesCss].join(''))
document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet]

// Dashboard looks a component up under the type of its node; the library itself bears the name of the first one.
Object.assign(window, { 'linhaviva-ui-operator-screen': { OperatorScreen } })

export { FieldOverview }
