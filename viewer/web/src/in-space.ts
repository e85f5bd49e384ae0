/** What loads when somebody asks for the third dimension: the room, the thing in it, and its tools. */

import type { Class } from "./device";
import { sayWhereFrom } from "./looking";
import { Room } from "./room";
import { pinThings } from "./space-pins";
import type { SpaceConfig, Thing } from "./thing";
import { connectShading, connectTools } from "./tools";

export interface Surroundings {
  stage: HTMLElement;
  bar: HTMLElement;
  words: Record<string, string>;
  sides: string[];
  say: (sentence: string) => void;
  count: (sentence: string) => void;
}

/** Resolves when the first shape is drawn. */
export async function openSpace(config: SpaceConfig, wanted: Class, around: Surroundings): Promise<void> {
  const { stage, bar, words, say } = around;
  const room = new Room(stage, words["canvas"] ?? "", config.from);
  try {
    const thing = await stood(room, config, wanted, around);
    connectTools(bar, room, thing, config, words, say);
    pinThings(room, thing, config.pins, words);
    sayWhereFrom(room, around.sides, words, say);
  } catch (error) {
    room.renderer.dispose();
    throw error;
  }
}

async function stood(room: Room, config: SpaceConfig, wanted: Class, { bar, words, count }: Surroundings): Promise<Thing> {
  if (config.form === "mesh") {
    const { MeshThing } = await import("./mesh");
    const mesh = new MeshThing(room, config);
    await mesh.open(wanted);
    room.open();
    return mesh;
  }
  const { CloudThing } = await import("./cloud");
  const number = new Intl.NumberFormat(document.documentElement.lang);
  const cloud = new CloudThing(room, config, (points) => count((words["points"] ?? "").replace("{count}", number.format(points))));
  room.open();
  await cloud.open(wanted);
  connectShading(bar, cloud);
  return cloud;
}
