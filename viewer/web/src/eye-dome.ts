/** Eye-dome lighting (Boucheny 2009, "Visualisation scientifique de grands volumes de données", ch. 6): a point is as dark as its neighbours in the picture stand before it. */

import { type Camera, DepthTexture, HalfFloatType, Mesh, NearestFilter, OrthographicCamera, type PerspectiveCamera, PlaneGeometry, ShaderMaterial, Vector2, WebGLRenderTarget } from "three";

import type { Room } from "./room";

const STRENGTH = 0.32;
const RADIUS = 1.4;
const VERTEX = "varying vec2 at; void main() { at = uv; gl_Position = vec4(position.xy, 0.0, 1.0); }";
const FRAGMENT = `
uniform sampler2D colour, depth;
uniform vec2 pixel;
uniform float near, far, strength;
varying vec2 at;
float far_away(vec2 place) {
  float z = texture2D(depth, place).x;
  return log2(near * far / (far - z * (far - near)));
}
void main() {
  float here = far_away(at), shade = 0.0;
  // the paper behind everything stays as light as it is
  if (texture2D(depth, at).x < 1.0) for (int i = 0; i < 8; i++) {
    float angle = float(i) * 0.785398;
    shade += clamp(here - far_away(at + vec2(cos(angle), sin(angle)) * pixel), 0.0, 0.25);
  }
  gl_FragColor = vec4(texture2D(colour, at).rgb * exp(-strength * 10.0 * shade), 1.0);
  #include <colorspace_fragment>
}`;

/** Paints the room with the shading until it is switched off; returns the switch. */
export function shadeByDepth(room: Room): (isOn: boolean) => void {
  const target = new WebGLRenderTarget(1, 1, { type: HalfFloatType, minFilter: NearestFilter, magFilter: NearestFilter });
  target.depthTexture = new DepthTexture(1, 1);
  const uniforms = {
    colour: { value: target.texture },
    depth: { value: target.depthTexture },
    pixel: { value: new Vector2() },
    near: { value: 1 },
    far: { value: 2 },
    strength: { value: STRENGTH },
  };
  const material = new ShaderMaterial({ vertexShader: VERTEX, fragmentShader: FRAGMENT, uniforms, depthTest: false, depthWrite: false });
  const sheet = new Mesh(new PlaneGeometry(2, 2), material);
  sheet.frustumCulled = false;
  const flat: Camera = new OrthographicCamera(-1, 1, 1, -1, 0, 1);
  const plain = room.paint;
  const size = new Vector2();
  const shaded = (): void => {
    const camera: PerspectiveCamera = room.camera;
    room.renderer.getDrawingBufferSize(size);
    target.setSize(size.x, size.y);
    uniforms.pixel.value.set((RADIUS * room.renderer.getPixelRatio()) / size.x, (RADIUS * room.renderer.getPixelRatio()) / size.y);
    [uniforms.near.value, uniforms.far.value] = [camera.near, camera.far];
    room.renderer.setRenderTarget(target);
    room.renderer.render(room.scene, camera);
    room.renderer.setRenderTarget(null);
    room.renderer.render(sheet, flat);
  };
  return (isOn) => {
    room.paint = isOn ? shaded : plain;
    room.stage.dataset["shading"] = isOn ? "on" : "off";
    room.ask();
  };
}
