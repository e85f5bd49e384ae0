/* A headset of script: two eyes side by side in the page's own canvas; head and hand turn by degrees to the right. */
window.headset = (() => {
  const state = { frames: 0, head: 0, hand: 0, compatible: false, session: null };
  const matrix = (yaw) => {
    const [c, s] = [Math.cos((-yaw * Math.PI) / 180), Math.sin((-yaw * Math.PI) / 180)];
    return new Float32Array([c, 0, -s, 0, 0, 1, 0, 0, s, 0, c, 0, 0, 0, 0, 1]);
  };
  const pose = (yaw) => ({ transform: { matrix: matrix(yaw), inverse: { matrix: matrix(-yaw) } } });
  const projection = (shift) => new Float32Array([1, 0, 0, 0, 0, 1, 0, 0, shift, 0, -1, -1, 0, 0, -0.2, 0]);
  const frame = () => ({
    getViewerPose: () => ({ ...pose(state.head), views: ["left", "right"].map((eye, n) => ({ eye, projectionMatrix: projection(n ? 0.1 : -0.1), ...pose(state.head) })) }),
    getPose: () => pose(state.hand),
  });
  class Session extends EventTarget {
    eyes = new Set();
    inputSources = [{ targetRaySpace: {} }];
    updateRenderState() {}
    async requestReferenceSpace() { return {}; }
    requestAnimationFrame(draw) {
      return requestAnimationFrame((time) => { if (!this.ended) { state.frames++; draw(time, frame()); } });
    }
    async end() { this.ended = true; this.dispatchEvent(new Event("end")); }
  }
  window.XRWebGLLayer = class {
    framebuffer = null;
    framebufferWidth = 800;
    framebufferHeight = 400;
    constructor(session) { this.session = session; }
    getViewport({ eye }) { this.session.eyes.add(eye); return { x: eye === "left" ? 0 : 400, y: 0, width: 400, height: 400 }; }
  };
  WebGL2RenderingContext.prototype.makeXRCompatible = async () => { state.compatible = true; };
  Object.defineProperty(navigator, "xr", { value: {
    isSessionSupported: async (mode) => mode === "immersive-vr",
    requestSession: async () => (state.session = new Session()),
  } });
  state.select = (yaw) => {
    state.hand = yaw;
    state.session.dispatchEvent(Object.assign(new Event("select"), { frame: frame(), inputSource: { targetRaySpace: {} } }));
  };
  return state;
})();
