/** Opens a light mesh: one GLB with meshopt compression. */

import { Box3 } from "three";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";

import { Room } from "./room";

export async function openMesh(stage: HTMLElement, address: string, label: string): Promise<string> {
  const loader = new GLTFLoader();
  loader.setMeshoptDecoder(MeshoptDecoder);
  const { scene } = await loader.loadAsync(address);
  const room = new Room(stage, label);
  room.add(scene);
  room.frame(new Box3().setFromObject(scene));
  room.open();
  stage.dataset["missing"] = "0";
  return "";
}
