// The behaviour that every page shares. Each module looks after one thing and needs no setup.

import "./copy.js";
import "./dialogs.js";
import "./dropzone.js";
import "./forms.js";
import "./menus.js";
import "./messages.js";
import "./partial-pages.js";
import "./passwords.js";
import "./theme-switch.js";
import "./time-zone.js";
