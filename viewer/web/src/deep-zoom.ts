/** Loads with the deep zoom alone: OpenSeadragon over an IIIF image service. JPEG tiles, as every image service has them. */

import OpenSeadragon from "openseadragon";

import { prefersCalm } from "./device";

/** Resolves when the picture is on the screen. */
export async function deepZoom(element: HTMLElement, address: string): Promise<OpenSeadragon.Viewer> {
  // tiles are asked for where this page found the description: a frozen copy may not know its own address
  const place = new URL(address, document.baseURI);
  const answer = await fetch(place);
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  const described = { ...((await answer.json()) as object), id: place.href.replace(/\/info\.json$/, "") };
  const viewer = OpenSeadragon({
    element,
    tileSources: described as OpenSeadragon.TileSourceOptions,
    showNavigationControl: false,
    gestureSettingsMouse: { clickToZoom: false, dblClickToZoom: true },
    maxZoomPixelRatio: 3,
    visibilityRatio: 0.6,
    animationTime: prefersCalm() ? 0 : 0.6,
    crossOriginPolicy: false,
  });
  return new Promise((resolve, reject) => {
    viewer.addOnceHandler("open", () => resolve(viewer));
    viewer.addOnceHandler("open-failed", () => reject(new Error(`not opened: ${address}`)));
  });
}

/** Show a part of the picture, given as shares of it: x, y, width, height. */
export function showPart(viewer: OpenSeadragon.Viewer, [x, y, width, height]: readonly [number, number, number, number]): void {
  const size = viewer.world.getItemAt(0).getContentSize();
  const part = new OpenSeadragon.Rect(x * size.x, y * size.y, width * size.x, height * size.y);
  viewer.viewport.fitBoundsWithConstraints(viewer.viewport.imageToViewportRectangle(part), prefersCalm());
}

/** Where a share of the picture stands in the viewer, in pixels. */
export function placeOf(viewer: OpenSeadragon.Viewer, x: number, y: number): { x: number; y: number } {
  const item = viewer.world.getItemAt(0);
  const size = item.getContentSize();
  return item.imageToViewerElementCoordinates(new OpenSeadragon.Point(x * size.x, y * size.y));
}
