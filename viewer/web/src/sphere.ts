/** Draws pieces of an equirectangular picture on the inside of a sphere, with WebGL2. One program, no library. */

import type { Rows } from "./angles";

/** A rectangle in parts of a whole: left and top edge, width and height, 0 to 1. */
export type Patch = readonly [number, number, number, number];

/** A texture, the patch of the sphere that it covers, and the part of the texture that is used. */
export interface Piece {
  texture: WebGLTexture;
  patch: Patch;
  part?: Patch;
}

/** How an eye sees: its rotation, the scale of x and y, and how far off its axis the middle of its picture lies (in VR). */
export interface Eye {
  rows: Rows;
  lens: readonly [number, number, number, number];
  /** x, y, width and height of its picture in the framebuffer. */
  port: readonly [number, number, number, number];
}

const VERTEX = `#version 300 es
in vec2 corner;
uniform mat3 eye;
uniform vec4 lens, patch_, part;
out vec2 place;
void main() {
  vec2 at = patch_.xy + corner * patch_.zw;
  float yaw = (at.x - .5) * 6.28318530718;
  float pitch = (.5 - at.y) * 3.14159265359;
  vec3 seen = eye * vec3(sin(yaw) * cos(pitch), sin(pitch), -cos(yaw) * cos(pitch));
  place = part.xy + corner * part.zw;
  gl_Position = vec4(seen.xy * lens.xy + seen.z * lens.zw, 0., -seen.z);
}`;

// highp: a phone's mediump knows 1024 places across a picture, which is too few for one that is enlarged
const FRAGMENT = `#version 300 es
precision highp float;
in vec2 place;
uniform sampler2D picture;
out vec4 colour;
void main() { colour = texture(picture, place); }`;

/** Squares along each side of a patch: enough that a straight edge stays straight. */
const FINE = 48;
const COARSE = 10;
const WHOLE: Patch = [0, 0, 1, 1];

interface Mesh {
  buffer: WebGLBuffer;
  count: number;
}

export class Sphere {
  private readonly at: (name: string) => WebGLUniformLocation | null;
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
    const places = Object.fromEntries(["eye", "lens", "patch_", "part"].map((name) => [name, gl.getUniformLocation(program, name)]));
    this.at = (name) => places[name] ?? null;
    this.fine = this.mesh(FINE);
    this.coarse = this.mesh(COARSE);
    gl.enableVertexAttribArray(0);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    gl.clearColor(0.085, 0.066, 0.058, 1);
  }

  /** A texture of a picture. `around` repeats it sideways, so that the seam behind the viewer does not show. */
  texture(picture: ImageBitmap | HTMLCanvasElement, around: boolean): WebGLTexture {
    const { gl } = this;
    const texture = gl.createTexture();
    const bitmap = picture instanceof ImageBitmap;
    const [inside, form] = bitmap ? [gl.RGB8, gl.RGB] : [gl.RGBA8, gl.RGBA];
    gl.bindTexture(gl.TEXTURE_2D, texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, inside, form, gl.UNSIGNED_BYTE, picture);
    gl.generateMipmap(gl.TEXTURE_2D);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, around ? gl.REPEAT : gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
    if (bitmap) picture.close();
    return texture;
  }

  /** Make room for new eyes. */
  clear(): void {
    this.gl.clear(this.gl.COLOR_BUFFER_BIT);
  }

  /** Draw the pieces one over the other, coarse ones first. */
  draw(eye: Eye, pieces: Iterable<Piece>): void {
    const { gl } = this;
    gl.viewport(...eye.port);
    gl.uniformMatrix3fv(this.at("eye"), true, eye.rows.flat());
    gl.uniform4fv(this.at("lens"), eye.lens);
    for (const { texture, patch, part } of pieces) {
      const mesh = patch[2] > 0.3 ? this.fine : this.coarse;
      gl.bindTexture(gl.TEXTURE_2D, texture);
      gl.bindBuffer(gl.ARRAY_BUFFER, mesh.buffer);
      gl.vertexAttribPointer(0, 2, gl.FLOAT, false, 0, 0);
      gl.uniform4fv(this.at("patch_"), patch);
      gl.uniform4fv(this.at("part"), part ?? WHOLE);
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
