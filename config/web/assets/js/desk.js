// Every staff page. Modules find their work by data-* attributes, on load and again after each htmx swap.
import { startAutosave } from "./autosave.js";
import { startBars } from "./bars.js";
import { startChanges } from "./changes.js";
import { startClock } from "./clock.js";
import { startDrawer } from "./drawer.js";
import { startErrors } from "./errors.js";
import { startFormHold } from "./formHold.js";
import { startKeptForm } from "./keptForm.js";
import { startKeys } from "./keys.js";
import { startMenus } from "./menus.js";
import { startQuestions } from "./questions.js";
import { startQueue } from "./queue.js";
import { startSearch } from "./search.js";
import { startServerAnswers } from "./answers.js";
import { startThemeSwitch } from "./themeSwitch.js";
import { startTopbar } from "./topbar.js";

// First: an entry that nobody answered is kept, and says no more to the listeners of the others.
startQueue();
startThemeSwitch();
startTopbar();
startMenus();
startClock();
startServerAnswers();
startBars();
startDrawer();
startQuestions();
startErrors();
startSearch();
startChanges();
startKeys();
startAutosave();
startFormHold();
// After the listeners of the others: filling in counts as typing.
startKeptForm();
document.documentElement.dataset.deskReady = "";
