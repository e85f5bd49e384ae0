/** Draws pieces of an equirectangular picture on the inside of a sphere, with WebGL2. One program, no library. */

import { type View, focal, rotation } from "./angles";

/** A piece of the sphere in parts of the whole: left and top edge, width and height, 0 to 1. */
export type Patch = readonly [number, number, number, number];

export interface Piece {
  texture: WebGLTexture;
  patch: Patch;
}

const VERTEX = `#version 300 es
in vec2 corner;
uniform mat3 eye;
uniform vec2 lens;
uniform vec4 patch_;
out vec2 place;
void main() {
  vec2 at = patch_.xy + corner * patch_.zw;
  float yaw = (at.x - .5) * 6.28318530718;
  float pitch = (.5 - at.y) * 3.14159265359;
  vec3 seen = eye * vec3(sin(yaw) * cos(pitch), sin(pitch), -cos(yaw) * cos(pitch));
  place = corner;
  gl_Position = vec4(seen.xy * lens, 0., -seen.z);
}`;

const FRAGMENT = `#version 300 es
precision mediump float;
in vec2 place;
uniform sampler2D picture;
out vec4 colour;
void main() { colour = vec4(texture(picture, place).rgb, 1.); }`;

/** Squares along each side of a patch: enough that a straight edge stays straight. */
const FINE = 48;
const COARSE = 10;

interface Mesh {
  buffer: WebGLBuffer;
  count: number;
}

export class Sphere {
  private readonly eye: WebGLUniformLocation | null;
  private readonly lens: WebGLUniformLocation | null;
  private readonly patch: WebGLUniformLocation | null;
  private readonly fine: Mesh;
  private readonly coarse: Mesh;

  constructor(private readonly gl: WebGL2RenderingContext) {
    const program = gl.createProgram();
    for (const [kind, source] of [
      [gl.VERTEX_SHADER, VERTEX],
      [gl.FRAGMENT_SHADER, FRAGMENT],
    ] as const) {
      const shader = gl.createShader(kind);
      if (!shader) continue;
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    }
    gl.bindAttribLocation(program, 0, "corner");
    gl.linkProgram(program);
    gl.useProgram(program);
    this.eye = gl.getUniformLocation(program, "eye");
    this.lens = gl.getUniformLocation(program, "lens");
    this.patch = gl.getUniformLocation(program, "patch_");
    this.fine = this.mesh(FINE);
    this.coarse = this.mesh(COARSE);
    gl.enableVertexAttribArray(0);
    gl.clearColor(0.07, 0.05, 0.04, 1);
  }

  /** A texture of a picture. `around` repeats it sideways, so that the seam behind the viewer does not show. */
  texture(picture: ImageBitmap, around: boolean): WebGLTexture {
    const { gl } = this;
    const texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGB8, gl.RGB, gl.UNSIGNED_BYTE, picture);
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, around ? gl.REPEAT : gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    picture.close();
    return texture;
  }

  /** Draw the pieces one over the other, coarse ones first. */
  draw(view: View, pieces: Iterable<Piece>): void {
    const { gl } = this;
    const { width, height } = gl.canvas;
    const rows = rotation(view);
    const f = focal(view, width / height);
    gl.viewport(0, 0, width, height);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.uniformMatrix3fv(this.eye, true, rows.flat());
    gl.uniform2f(this.lens, (f * height) / width, f);
    for (const { texture, patch } of pieces) {
      const mesh = patch[2] > 0.3 ? this.fine : this.coarse;
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.bindBuffer(gl.ARRAY_BUFFER, mesh.buffer);
      gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
      gl.uniform4fv(this.patch, patch);
      gl.drawArrays(gl.TRIANGLES, 0, mesh.count);
    }
  }

  private mesh(squares: number): Mesh {
    const { gl } = this;
    const corners: number[] = [];
    for (let row = 0; row < squares; row++) {
      for (let column = 0; column < squares; column++) {
        for (const [x, y] of [[0, 0], [1, 0], [0, 1], [0, 1], [1, 0], [1, 1]] as const) {
          corners.push((column + x) / squares, (row + y) / squares);
        }
      }
    }
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.bufferData(gl.ARRAY_BUFFER, new Float32Array(corners), gl.STATIC_DRAW);
    return { buffer, count: corners.length / 2 };
  }
}
