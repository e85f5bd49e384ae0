"""What the light views of meshes have in common: the frame they stand in, thinning, normals and pictures."""
