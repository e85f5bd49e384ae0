/** Pages with nothing else to run: they remember the visitor's language. */
import "./language";
