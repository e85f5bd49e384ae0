/** A model in one's own room by WebXR: a ring shows where it would stand, a tap places it. In true size where its unit is known. */

import { Box3, DirectionalLight, Group, HemisphereLight, Mesh, MeshBasicMaterial, PerspectiveCamera, RingGeometry, Scene, Vector3, WebGLRenderer } from "three";
import { GLTFLoader } from "three/addons/loaders/GLTFLoader.js";
import { MeshoptDecoder } from "three/addons/libs/meshopt_decoder.module.js";

/** Metres across, of a model whose unit nobody knows. */
const HANDY = 0.5;

export async function placeInRoom(session: XRSession, address: string, isTrueSize: boolean, say: (sentence: string) => void, words: Record<string, string>): Promise<void> {
  const model = new Group();
  const { scene: shape } = await new GLTFLoader().setMeshoptDecoder(MeshoptDecoder).loadAsync(address).catch(async (error: unknown) => {
    await session.end();
    throw error;
  });
  if (!isTrueSize) shape.scale.setScalar(HANDY / new Box3().setFromObject(shape).getSize(new Vector3()).length());
  model.add(shape);
  model.visible = false;
  const ring = new Mesh(new RingGeometry(0.12, 0.15, 32).rotateX(-Math.PI / 2), new MeshBasicMaterial({ color: 0xe3b75c }));
  ring.matrixAutoUpdate = false;
  ring.visible = false;
  const scene = new Scene();
  scene.add(new HemisphereLight(0xffffff, 0x886655, 2.5), new DirectionalLight(0xffffff, 1.5), model, ring);
  const renderer = new WebGLRenderer({ alpha: true, antialias: true });
  renderer.xr.enabled = true;
  renderer.xr.setReferenceSpaceType("local");
  await renderer.xr.setSession(session);
  const hits = await session.requestHitTestSource?.({ space: await session.requestReferenceSpace("viewer") });
  session.addEventListener("select", () => {
    if (!ring.visible) return;
    model.position.setFromMatrixPosition(ring.matrix);
    model.visible = true;
  });
  session.addEventListener("end", () => {
    renderer.setAnimationLoop(null);
    renderer.dispose();
    say("");
  });
  say(words[isTrueSize ? "ar_true" : "ar_handy"] ?? "");
  const camera = new PerspectiveCamera();
  renderer.setAnimationLoop((_, frame?: XRFrame) => {
    const space = renderer.xr.getReferenceSpace();
    const pose = frame && hits && space ? frame.getHitTestResults(hits)[0]?.getPose(space) : undefined;
    ring.visible = pose !== undefined;
    if (pose) ring.matrix.fromArray(pose.transform.matrix);
    renderer.render(scene, camera);
  });
}
