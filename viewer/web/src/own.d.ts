/** A copy of a small module for the one script that asks so: a chunk shared by two would be one more request before the first view. */
declare module "*fullscreen?own" {
  export const fullScreen: typeof import("./fullscreen").fullScreen;
}
declare module "*departure?own" {
  export const pageAt: typeof import("./departure").pageAt;
}
declare module "*language?panorama" {}
declare module "*language?guide" {}
declare module "*language?record" {}
declare module "*language?offline" {}
declare module "*allowed?own" {
  export const allowed: typeof import("./allowed").allowed;
}
